import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api";
import { usable, type Passkey } from "./passkey";

/** Signing is whether and how she signs what she decides. */
export interface Signing {
  keys: Passkey[];
  /** able: she has a passkey that counts, and this browser can ask it. */
  able: boolean;
  /** on: what she allows is signed by her passkey. */
  on: boolean;
  turn: (on: boolean) => void;
}

const kept = "loam-sign";

/** useSigning reads her passkeys; that she would rather not sign is kept in this browser. */
export function useSigning(enabled: boolean): Signing {
  const [wanted, want] = useState(() => localStorage.getItem(kept) !== "no");
  const list = useQuery({ queryKey: ["passkeys"], queryFn: () => call<Passkey[]>("GET", "/api/passkeys"), enabled });
  const keys = list.data ?? [];
  const able = usable() && keys.some((k) => k.state === "active");
  return {
    keys,
    able,
    on: able && wanted,
    turn: (on) => {
      localStorage.setItem(kept, on ? "yes" : "no");
      want(on);
    },
  };
}
