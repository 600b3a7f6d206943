/** Field is a labelled part of the editor, with its count against the limit. */
export function Field({
  label,
  counter,
  children,
}: {
  label: string;
  counter?: { count: number; max: number };
  children: React.ReactNode;
}) {
  return (
    <div className="field">
      <header>
        <h2>{label}</h2>
        {counter && (
          <span className={counter.count > counter.max ? "count over" : "count"}>
            {counter.count}/{counter.max}
          </span>
        )}
      </header>
      {children}
    </div>
  );
}
