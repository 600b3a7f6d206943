// What is copied off a page takes the AI notice of its words along: removing a label is forbidden,
// and a copy without it would be one (Labelling Measures Art. 4(1), 10). Without scripts the notice
// still stands beside the words.
"use strict";

// within reports whether any words of a part are in a range.
const within = (range, part) => {
  const both = document.createRange();
  both.selectNodeContents(part);
  if (range.compareBoundaryPoints(Range.START_TO_START, both) > 0) both.setStart(range.startContainer, range.startOffset);
  if (range.compareBoundaryPoints(Range.END_TO_END, both) < 0) both.setEnd(range.endContainer, range.endOffset);
  return both.toString().trim() !== "";
};

document.addEventListener("copy", (e) => {
  const chosen = document.getSelection();
  // What a reader types herself is her own.
  if (!e.clipboardData || !chosen || chosen.isCollapsed || e.target.closest?.("input, textarea")) return;
  const ranges = Array.from({ length: chosen.rangeCount }, (_, i) => chosen.getRangeAt(i));
  const words = chosen.toString();
  const notices = new Set();
  for (const part of document.querySelectorAll("[data-notice]"))
    if (ranges.some((r) => within(r, part)) && !words.includes(part.dataset.notice)) notices.add(part.dataset.notice);
  if (notices.size === 0) return;
  const html = document.createElement("div");
  for (const r of ranges) html.append(r.cloneContents());
  for (const notice of notices) html.append(Object.assign(document.createElement("p"), { textContent: notice }));
  e.clipboardData.setData("text/plain", [words, ...notices].join("\n\n"));
  e.clipboardData.setData("text/html", html.innerHTML);
  e.preventDefault();
});
