/** The style sheet of the report of an evaluation, beside the rules all pages share. */
import { EVALUATION_MARKS } from "./marks.ts";

export const EVALUATION_STYLE = `
:root{--muted:#59616b;--soft:#f4f6f8;--link:#1a5596}
header{margin-bottom:1.5rem}header h1{font-size:1.75rem;line-height:1.25;overflow-wrap:anywhere}
.lead{font-size:1.2rem;line-height:1.45;max-width:52rem;margin:1rem 0 .25rem;border-left:4px solid var(--accent);padding-left:1rem;overflow-wrap:anywhere}
.also{max-width:52rem;padding-left:1.25rem;margin:.25rem 0}
a{color:var(--link)}nav ul{display:flex;flex-wrap:wrap;gap:.15rem 1.25rem;list-style:none;padding:0;margin:1rem 0 0}
section{padding:1.5rem 0 1rem}h2{font-size:1.25rem;margin:0 0 .75rem}h3{font-size:1.05rem;margin:1.75rem 0 .25rem;overflow-wrap:anywhere}h4{font-size:1rem;margin:1.5rem 0 0}
section>p,section>div>p{max-width:52rem;margin:.35rem 0 .75rem}
.scroll{overflow-x:auto;margin:.5rem 0 1rem}.scroll:focus-visible,pre:focus-visible,a:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
caption{font-size:.9rem;padding-bottom:.35rem}
table{font-size:.9rem;line-height:1.3}caption span{display:inline-block;position:sticky;left:0;max-width:min(100%,calc(100vw - 2rem));white-space:normal}
.below{display:block;font-size:.88em;font-weight:400;color:var(--muted)}thead th{font-weight:600;vertical-align:bottom;font-size:.95em;line-height:1.35}
th,td{padding:.3rem .55rem;white-space:nowrap;border-bottom:1px solid var(--line)}thead th{border-bottom:2px solid var(--line)}
th:first-child{padding-left:0;text-align:left}thead th:not(:first-child){text-align:right}tfoot td{border:0}
.scores thead th:nth-child(2){text-align:left}.scores td,.scores th{padding-top:.15rem;padding-bottom:.15rem}
.random th,.random td{font-style:italic}
td.plot,.scores td.plot{padding:0 .25rem;overflow:hidden}td.plot svg{display:block;max-width:none;overflow:visible}.note{font-size:.85rem;color:var(--muted);margin:-.5rem 0 1rem}
.many td strong,.scores strong{font-weight:650}
.agreement td{text-align:center;line-height:1.3;font-size:.85rem;border:2px solid var(--page)}.agreement td strong{font-size:1rem}.agreement thead th:not(:first-child){text-align:center}abbr{text-decoration:none}
.words{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;font-size:.875rem;color:var(--muted);margin:.25rem 0 1rem}
dl.facts,details dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1.25rem;margin:.75rem 0}dt{color:var(--muted)}dd{margin:0;overflow-wrap:anywhere;min-width:0}
.facts{font-size:.925rem}code,pre{font:.85em/1.5 ui-monospace,monospace}
pre{background:var(--soft);border:1px solid var(--line);border-radius:4px;padding:.75rem 1rem;overflow-x:auto;max-height:28rem;margin:.5rem 0}
pre.command{white-space:pre-wrap;overflow-wrap:anywhere;max-height:none}
.panels,ul.key{padding:0;list-style:none}ul.key{display:flex;flex-wrap:wrap;gap:.1rem 1.5rem;margin:.5rem 0;font-size:.9rem}ul.key svg{vertical-align:-3px;margin-right:.25rem}
.panels{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,20rem),1fr));gap:1rem 1.25rem;margin:.75rem 0 1rem}
figure{margin:0}figcaption{font-weight:600;font-size:.925rem;padding-left:46px}.panels svg{display:block}
.example{display:flex;gap:1rem;align-items:flex-start}.example>figure{flex:none}.example>figure figcaption{padding:0;font-weight:400;font-size:.85rem;color:var(--muted)}.example>.scroll{flex:1;min-width:0;margin-top:0}
.example>figure img{width:144px}.films td{padding:.25rem .3rem;text-align:left;font-size:.8rem;border:0;vertical-align:top}.films th{border:0;padding:.25rem 1rem .25rem 0;vertical-align:middle}
.films img{display:block;width:96px;max-width:none}.films caption{font-size:.85rem}.pixels{image-rendering:pixelated}
.level{display:block;height:4px;background:var(--accent);margin-top:2px;min-width:1px}
details{font-size:.925rem;margin:0;border-bottom:1px solid var(--line);padding:.5rem 0}details:last-child{border:0}summary{color:var(--ink)}summary span{color:var(--muted)}
ul.notices{padding-left:1.25rem;max-width:52rem;overflow-wrap:anywhere}
${EVALUATION_MARKS}
@media screen and (max-width:44rem){body{padding:1.25rem 1rem}.example{display:block}.words,dl.facts,details dl{grid-template-columns:1fr}.words dd,dl.facts dd,details dd{margin:0 0 .35rem 0}.lead{font-size:1.1rem}
.scores th:first-child,.many th:first-child,.films th:first-child{position:sticky;left:0;background:var(--page);min-width:7.25rem;max-width:7.25rem;white-space:normal;overflow-wrap:break-word;z-index:1}}
@media (prefers-color-scheme:dark){:root{--muted:#a4adb7;--soft:#1c2127;--link:#8abcf5}}
@media print{body{max-width:none;padding:0;font-size:10pt}nav{display:none}.scroll{overflow:visible}pre{max-height:none;white-space:pre-wrap;font-size:7.5pt}figure,tr{break-inside:avoid}h2,h3,h4{break-after:avoid}table{font-size:7.5pt}th,td{padding:.15rem .35rem}td.plot svg{width:180px;height:auto}details::details-content{content-visibility:visible;block-size:auto}.panels{grid-template-columns:repeat(3,1fr)}.level,.ev-floor,.v{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;
