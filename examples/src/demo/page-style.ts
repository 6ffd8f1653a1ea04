/** The look of the page: light or dark as the reader's machine is, from a phone to a wide screen. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f4ef, #121316);
  --card: light-dark(#ffffff, #1b1d22);
  --ink: light-dark(#1d2026, #eceae4);
  --quiet: light-dark(#6b6f78, #9a9da6);
  --line: light-dark(#e6e2d9, #2c2f36);
  --accent: light-dark(#d4552f, #ff8a5f);
  --good: light-dark(#1f8a5b, #4fc58d);
  --chip: light-dark(#f1ede4, #25282e);
  --shade: light-dark(0 1px 2px #0000000d, 0 1px 2px #00000066);
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "PingFang SC", "Microsoft YaHei", sans-serif;
}
main, header > div { max-width: 1320px; margin: 0 auto; padding: 0 24px; }
header { padding: 44px 0 8px; }
h1 { margin: 0; font-size: 40px; letter-spacing: -.03em; line-height: 1.1; }
h1 span { color: var(--accent); }
header p { margin: 8px 0 0; color: var(--quiet); max-width: 62ch; font-size: 17px; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 26px 0 6px; padding: 0; list-style: none; }
.figures li { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 14px 18px; box-shadow: var(--shade); }
.figures b { display: block; font-size: 27px; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.figures span { color: var(--quiet); font-size: 13px; }
h2 { margin: 38px 0 2px; font-size: 23px; letter-spacing: -.015em; }
h2 + p { margin: 0 0 16px; color: var(--quiet); max-width: 90ch; }
article {
  display: grid; grid-template-columns: 236px minmax(0, 1fr); gap: 8px 22px; margin: 0 0 14px; padding: 18px;
  background: var(--card); border: 1px solid var(--line); border-radius: 18px; box-shadow: var(--shade);
}
.query { display: flex; flex-direction: column; gap: 8px; min-width: 0; }
.frame { position: relative; align-self: flex-start; border-radius: 12px; overflow: hidden; border: 1px solid var(--line); background: #fff; }
.frame img { display: block; max-width: 100%; max-height: 216px; }
.box { position: absolute; border: 2px solid var(--accent); border-radius: 6px; box-shadow: 0 0 0 1px #ffffffb0, 0 0 0 999px #00000012; }
.none { display: grid; place-items: center; aspect-ratio: 4/3; text-align: center; border-radius: 12px; border: 1px dashed var(--line); color: var(--quiet); font-size: 34px; }
h3 { margin: 0; font-size: 15px; overflow-wrap: anywhere; }
.query p { margin: 0; color: var(--quiet); font-size: 12.5px; font-variant-numeric: tabular-nums; }
.hits { display: grid; grid-template-columns: repeat(auto-fill, minmax(140px, 1fr)); gap: 12px; align-content: start; margin: 0; padding: 0; list-style: none; }
.hit { min-width: 0; border: 1px solid var(--line); border-radius: 12px; overflow: hidden; background: var(--card); display: flex; flex-direction: column; }
.hit.expected { border-color: var(--good); box-shadow: 0 0 0 1px var(--good); }
.hit .shot { position: relative; aspect-ratio: 1; background: #fff; }
.hit .shot img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: cover; }
.score { position: absolute; right: 7px; top: 7px; padding: 1px 8px; border-radius: 99px; background: #16181ce0; color: #fff; font-size: 12.5px; font-weight: 600; font-variant-numeric: tabular-nums; }
.expected .score { background: #1f8a5b; }
.meter { height: 3px; background: var(--line); }
.meter i { display: block; height: 100%; background: var(--accent); }
.expected .meter i { background: var(--good); }
.hit div.text { padding: 8px 10px 10px; }
.hit strong { display: block; font-size: 13px; line-height: 1.3; font-weight: 600; overflow-wrap: anywhere; }
.hit small { display: block; color: var(--quiet); font-size: 12px; overflow-wrap: anywhere; }
.hit .tags { margin-top: 5px; display: flex; flex-wrap: wrap; gap: 4px; }
.hit .tags span { background: var(--chip); border-radius: 6px; padding: 0 6px; font-size: 11.5px; color: var(--quiet); }
details { grid-column: 1 / -1; border-top: 1px solid var(--line); padding-top: 8px; }
summary { cursor: pointer; color: var(--quiet); font-size: 13px; }
summary:hover { color: var(--ink); }
pre { margin: 8px 0 0; padding: 12px 14px; background: var(--chip); border-radius: 10px; overflow-x: auto; font: 12.5px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.empty { color: var(--quiet); align-self: center; }
footer { color: var(--quiet); padding: 24px 24px 48px; text-align: center; font-size: 13px; }
@media (max-width: 720px) {
  article { grid-template-columns: 1fr; }
  .frame, .none { max-width: 320px; }
  .hits { grid-template-columns: repeat(auto-fill, minmax(120px, 1fr)); }
  h1 { font-size: 32px; }
}
`;
