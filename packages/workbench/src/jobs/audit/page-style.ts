/** Rules of the audit's page beside those all pages share. */
export const AUDIT_STYLE = `
:root{--muted:#59616b;--soft:#f4f6f8;--good:#0b6b3a;--good-page:#e3f4ea;--bad:#a3201c;--bad-page:#fde9e7;--open:#7a5200;--open-page:#fdf1d8;--floor:#d5dae0}
body{max-width:60rem}h1{font-size:1.75rem;line-height:1.25;overflow-wrap:anywhere}h2{font-size:1.2rem}
.lead{font-size:1.15rem;line-height:1.45;margin:.75rem 0 .25rem;border-left:4px solid var(--accent);padding-left:1rem}
section{padding:1.1rem 0 .9rem}section p{margin:.25rem 0 .6rem;max-width:50rem}
.checks{list-style:none;margin:0;padding:0;display:grid;gap:.6rem}.checks li{display:grid;grid-template-columns:10.75rem 1fr;gap:.25rem 1rem;align-items:start}
.checks p{margin:.1rem 0}.checks p.muted{font-size:.875rem}
.badge{justify-self:start;border-radius:1rem;padding:.1rem .7rem;font-size:.875rem;font-weight:600;white-space:nowrap;background:var(--soft);color:var(--muted)}
.passed .badge{background:var(--good-page);color:var(--good)}.failed .badge{background:var(--bad-page);color:var(--bad)}.not-enough-data .badge{background:var(--open-page);color:var(--open)}
.scroll{overflow-x:auto;margin:.25rem 0 .75rem}.scroll:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
table{font-size:.9rem;width:100%}caption{padding:.25rem 0}th,td{padding:.25rem .6rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top}td{white-space:nowrap}
thead th{font-weight:600;font-size:.85rem}thead th:not(:first-child){text-align:right}td.words,thead th.words{text-align:left;white-space:normal;width:60%}tr.first th{font-weight:600}
.plot{width:34%;min-width:8rem;vertical-align:middle}.track{position:relative;display:block;height:1.1rem}.track i{position:absolute;display:block}
.track .floor{top:0;bottom:0;background:var(--floor)}.track .zero{top:0;bottom:0;border-left:1px dashed var(--muted)}.track .whisker{top:.45rem;height:.2rem;background:var(--accent);border-radius:2px}.track .dot{top:.25rem;width:.6rem!important;height:.6rem;margin-left:-.3rem;border-radius:50%;background:var(--accent)}
.share{display:block;height:.7rem;min-width:1px;background:var(--floor);border-radius:2px;margin-top:.25rem}.share.reached{background:var(--accent)}.share.gained{background:none;border:1px solid var(--muted)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1.25rem;margin:.25rem 0 .75rem;font-size:.925rem}dt{color:var(--muted)}dd{margin:0;overflow-wrap:anywhere;min-width:0}
.plain{margin:.25rem 0;padding-left:1.2rem;font-size:.925rem;overflow-wrap:anywhere}.plain li{margin:.15rem 0}
pre{font:.85em/1.5 ui-monospace,monospace;background:var(--soft);border:1px solid var(--line);border-radius:4px;padding:.6rem .8rem;white-space:pre-wrap;overflow-wrap:anywhere;margin:.5rem 0}
@media (max-width:40rem){body{padding:1.25rem 1rem}.checks li,dl{grid-template-columns:1fr}dd{margin-bottom:.3rem}.checks li{padding-bottom:.35rem}td.words,thead th.words{width:auto;min-width:12rem}}
@media (prefers-color-scheme:dark){:root{--muted:#a4adb7;--soft:#1c2127;--good:#7fd6a4;--good-page:#12301f;--bad:#ff9d95;--bad-page:#3d1715;--open:#f0c265;--open-page:#362a0e;--floor:#3a424c}}
@page{margin:12mm}
@media print{html{font-size:10px}body{max-width:none;padding:0;font-size:8.5pt;line-height:1.35}section{padding:.6rem 0 .2rem}section p{max-width:none}.checks{gap:.3rem}.scroll{overflow:visible}th,td{padding:.1rem .4rem .1rem 0}tr,.checks li{break-inside:avoid}h2{break-after:avoid;margin-bottom:.3rem}details{display:none}.badge,.track i,.share{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;
