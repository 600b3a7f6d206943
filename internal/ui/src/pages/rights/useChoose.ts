import { useQueryClient } from "@tanstack/react-query";
import { App as AntApp } from "antd";
import { useRef, useState } from "react";
import { call } from "../../api";
import { t } from "../../i18n";
import { useUndo } from "../../undo";
import type { Schemas } from "../../api";
import { sign } from "./passkey";
import { name, opposite, spoken, type Cell, type Choice } from "./rights";

/** most is how many works one request may answer for. */
const most = 500;

/** Chosen are answers on their way, by the cell's name. */
export type Chosen = ReadonlyMap<string, { allowed: boolean }>;

/** Choose says what is chosen for cells; uses and works are those of the cells. Restated, her
 * word is as it was, and there is nothing to undo. */
export type Choose = (cells: Cell[], choice: Omit<Choice, "works" | "uses">, said: string, restated?: boolean) => void;

const works = (cells: Cell[]): string[] => [...new Set(cells.map((c) => c.work).filter(Boolean))];

/** signed sends an answer for one work, or for all, with the signature of her passkey. */
async function signed({ works, sign: _, ...choice }: Choice): Promise<void> {
  await sign(await call<Schemas["ActToSign"]>("POST", "/api/rights/acts", { ...choice, work: works[0] ?? "" }));
}

/** useChoose sends answers one after another, in the order she gave them, and for five seconds
 * offers to take each back. */
export function useChoose(): { choose: Choose; chosen: Chosen } {
  const client = useQueryClient();
  const { message } = AntApp.useApp();
  const offer = useUndo();
  const [chosen, setChosen] = useState<Chosen>(new Map());
  const line = useRef(Promise.resolve());
  const send = (choices: Choice[], done: () => void) => {
    const mine = choices.flatMap((c) =>
      (c.works.length ? c.works : [""]).flatMap((w) =>
        c.uses.map((u) => [name(w, u), { allowed: c.allowed }] as const),
      ),
    );
    setChosen((all) => new Map([...all, ...mine]));
    line.current = line.current.then(async () => {
      try {
        for (const c of choices) {
          if (c.sign) await signed(c);
          else if (!c.works.length) await call("PUT", "/api/rights", c);
          for (let i = 0; !c.sign && i < c.works.length; i += most)
            await call("PUT", "/api/rights", { ...c, works: c.works.slice(i, i + most) });
        }
        done();
      } catch (e) {
        message.error((e as Error).message);
      }
      await Promise.all(["rights", "rights-acts"].map((k) => client.invalidateQueries({ queryKey: [k] })));
      setChosen((all) => {
        const left = new Map(all);
        for (const [cell, answer] of mine) if (left.get(cell) === answer) left.delete(cell);
        return left;
      });
    });
  };
  const undone = (cells: Cell[]) => {
    if (cells.every(spoken)) return void message.success(t("rights.undone"));
    message.info(t(works(cells).length ? "rights.undone_own" : "rights.undone_all"), 10); // long enough to be read
  };
  const choose: Choose = (cells, choice, said, restated) => {
    const uses = [...new Set(cells.map((c) => c.use))];
    const undo = () => send(opposite(cells), () => undone(cells));
    send([{ ...choice, works: works(cells), uses }], () => (restated ? void message.success(said) : offer(said, undo)));
  };
  return { choose, chosen };
}
