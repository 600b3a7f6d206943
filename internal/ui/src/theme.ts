import { theme, type ThemeConfig } from "antd";
import tokens from "../tokens.json";

/** The Ant Design theme of a mode, made of the same tokens as the public pages' CSS. */
export function themeOf(mode: "light" | "dark"): ThemeConfig {
  const t = tokens[mode];
  return {
    algorithm: mode === "dark" ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: t.sprout,
      colorInfo: t.sprout,
      colorSuccess: t.sprout,
      colorWarning: t.clay,
      colorError: t.loss,
      colorLink: t.sprout,
      colorBgBase: t.paper,
      colorBgLayout: t.ground,
      colorBgContainer: t.paper,
      colorBgElevated: t.paper,
      colorTextBase: t.ink,
      colorTextSecondary: t.muted,
      colorTextTertiary: t.muted,
      colorTextDescription: t.muted,
      colorTextPlaceholder: t.muted,
      colorTextDisabled: t.muted,
      colorBorder: t.line,
      colorBorderSecondary: t.line,
      colorTextLightSolid: t["on-sprout"],
      borderRadius: 8,
      fontFamily: tokens.shape.font,
      boxShadow: t.shadow,
      boxShadowSecondary: t.shadow,
      motionDurationMid: "150ms",
    },
    components: {
      Button: { primaryShadow: "none" },
      // What one ticks is seen as such: a square with an edge that stands out (WCAG 1.4.11).
      Checkbox: { borderRadiusSM: 4, colorBorder: t.muted },
      Radio: { colorBorder: t.muted },
    },
  };
}
