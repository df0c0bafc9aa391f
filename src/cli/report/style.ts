/** The report's style sheet; names and values of the colours are those of the studio. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --surface: light-dark(#fff, #15181b);
  --raised: light-dark(#f5f7f8, #1d2125);
  --line: light-dark(#dce0e4, #2b3036);
  --line-strong: light-dark(#7d8893, #66717c);
  --text: light-dark(#15191d, #e9ecef);
  --text-2: light-dark(#444e58, #aab3bc);
  --good: light-dark(#0a7267, #5cc4b7);
  --warn: light-dark(#7a5200, #e5bd6f);
  --warn-soft: light-dark(#faf0d9, #352b18);
}
* { box-sizing: border-box; }
body {
  margin: 0 auto;
  padding: 48px 32px 64px;
  max-width: 1240px;
  background: var(--surface);
  color: var(--text);
  font: 400 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  font-variant-numeric: tabular-nums;
}
h1 { margin: 0; font-size: 30px; line-height: 1.2; font-weight: 650; text-wrap: balance; }
h2 {
  margin: 56px 0 8px;
  padding-top: 14px;
  border-top: 1px solid var(--line);
  font-size: 20px;
  font-weight: 650;
}
h3 { margin: 28px 0 10px; font-size: 14px; font-weight: 650; }
p { margin: 6px 0; max-width: 85ch; text-wrap: pretty; }
.facts, .note, small, footer { color: var(--text-2); }
.note { font-size: 12.5px; }
.families { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 20px 0 0; padding: 0; border: 0; color: var(--text-2); }
.families legend { float: left; padding: 0; margin-right: 18px; font-weight: 600; }
.families label { display: inline-flex; gap: 6px; align-items: center; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 16px 32px; margin: 20px 0; }
svg { display: block; max-width: 100%; height: auto; }
.codec { display: inline-flex; align-items: baseline; gap: 6px; white-space: nowrap; }
.codec svg, .codec i { align-self: center; flex: none; }
.codec i { width: 14px; border-top: 2px solid var(--text); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; }
dl { margin: 14px 0 0; display: grid; gap: 12px 40px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); }
dt { font-weight: 600; display: flex; gap: 10px; align-items: baseline; flex-wrap: wrap; }
dt small { font-weight: 400; }
dd { margin: 2px 0 0; color: var(--text-2); }
code { font: 12px ui-monospace, "SF Mono", Menlo, Consolas, monospace; color: var(--text-2); }
.scroll { overflow-x: auto; margin: 16px 0; }
table { border-collapse: collapse; font-size: 12.5px; white-space: nowrap; }
th, td { padding: 3px 14px 3px 0; text-align: right; vertical-align: baseline; }
th { font-weight: 500; }
thead th { color: var(--text-2); border-bottom: 1px solid var(--line-strong); }
thead .group { border-bottom: 0; color: var(--text); }
th:first-child { text-align: left; }
thead tr:nth-child(2) th { text-align: right; }
.pair { display: flex; flex-wrap: wrap; gap: 0 72px; }
.pair > * { max-width: 100%; }
.pair .note { max-width: 64ch; }
tbody + tbody tr:first-child > *, tfoot tr:first-child > * { border-top: 1px solid var(--line); }
tbody tr:hover > * { background: var(--raised); }
tfoot { font-weight: 600; }
.better { color: var(--good); font-weight: 600; }
.cards { display: grid; gap: 24px 16px; margin: 12px 0; align-items: start; }
figure { margin: 0; }
figure > img { display: block; width: 100%; height: auto; image-rendering: pixelated; border-radius: 3px; background: var(--raised); }
figcaption { margin: 6px 0 10px; font-size: 12.5px; }
figcaption strong, figcaption small { display: block; }
.scale { display: grid; grid-template-columns: 1fr auto; gap: 4px; margin-top: 14px; font-size: 12.5px; color: var(--text-2); }
.scale img { grid-column: 1 / -1; width: 100%; height: 12px; border-radius: 2px; }
.warning { background: var(--warn-soft); border-radius: 6px; padding: 12px 16px; margin: 24px 0; }
.warning h2 { margin: 0; padding: 0; border: 0; font-size: 15px; color: var(--warn); }
.warning ul { margin: 6px 0 0; padding-left: 18px; }
footer { margin-top: 56px; border-top: 1px solid var(--line); padding-top: 12px; font-size: 12.5px; }
@media print {
  :root { color-scheme: light; }
  body { padding: 0; max-width: none; font-size: 10.5pt; }
  h2, h3 { break-after: avoid; }
  figure, svg, tr, dl > div { break-inside: avoid; }
  .charts { grid-template-columns: 1fr; justify-items: start; }
  .scroll { overflow: visible; }
  table { font-size: 6.4pt; }
  th, td { padding-right: 5px; }
}
`;
