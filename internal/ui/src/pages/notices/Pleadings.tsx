import { moment, tr } from "../../i18n";
import type { Schemas } from "../../api";

/** Links are addresses somebody gave as evidence; nobody vouches for where they lead. */
export function Links({ list }: { list: string[] }) {
  if (list.length === 0) return null;
  return (
    <ul className="links">
      {list.map((l) => (
        <li key={l}>
          <a href={l} target="_blank" rel="nofollow noopener noreferrer">
            {l}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** Pleadings are what both sides said on a claim, in their order. */
export function Pleadings({ list }: { list: Schemas["Pleading"][] }) {
  return list.map((p) => (
    <section key={p.at}>
      <h3>
        {tr("side", p.side)} <span className="hint">{moment(p.at)}</span>
      </h3>
      <p className="quote">{p.text}</p>
      <Links list={p.links} />
    </section>
  ));
}
