/** Numbers of the audit drawn with boxes: intervals beside the noise floor, shares of the seed. */
import { type Html, html, maxOf, minOf } from "@backlit/core";
import { percent } from "../../report/numbers.ts";
import type { Audit, AuditScore, Quantiles } from "./document.ts";
import { FAITHFULNESS } from "./scores.ts";

const fixed = (value: number): string => (Number.isFinite(value) ? value.toFixed(3).replace("-", "−") : "–");
const interval = ({ mean, low, high }: Pick<AuditScore, "mean" | "low" | "high">): Html =>
  html`<strong>${fixed(mean)}</strong> <span class="muted">[${fixed(low)}, ${fixed(high)}]</span>`;

const SHOWN = ["srg", "mrg", "lrg"];

/** Symmetric relevance gain and its halves for each imputer; undefined where it was not measured. */
export const faithfulnessTable = ({ scores }: Audit): Html | undefined => {
  const own = scores.filter(({ metric, score }) => metric === FAITHFULNESS && SHOWN.includes(score));
  if (own.length === 0) return undefined;
  const ends = own
    .flatMap(({ low, high, floor }) => [low, high, ...(floor ? [floor.low, floor.high] : [])])
    .filter(Number.isFinite);
  const [from, to] = [minOf(ends, 0), maxOf(ends, 0)];
  const place = (value: number) => (100 * (value - from)) / (to - from || 1);
  const rows = own.map((score) => {
    const { floor } = score;
    const name = score.score === FAITHFULNESS ? `${score.score}, ${removed(score)}` : score.score;
    const spoken = `mean ${fixed(score.mean)}, interval ${fixed(score.low)} to ${fixed(score.high)}${floor ? `, random maps ${fixed(floor.low)} to ${fixed(floor.high)}` : ""}`;
    return html`<tr${score.score === FAITHFULNESS && html` class="first"`}><th scope="row">${name}</th>
<td class="plot"><span class="track" role="img" aria-label="${spoken}">${floor && span("floor", place(floor.low), place(floor.high))}${span("zero", place(0), place(0))}${span("whisker", place(score.low), place(score.high))}${span("dot", place(score.mean), place(score.mean))}</span></td>
<td>${interval(score)}</td><td>${floor ? `${fixed(floor.low)} to ${fixed(floor.high)}` : "–"}</td></tr>`;
  });
  return html`<p>Symmetric relevance gain: the area between the curves of the class's probability when least and when most relevant cells are removed first. MRG and LRG are its halves, measured from random orders. Grey: where one set of random maps lies; bar: 95 % interval of the mean over ${own[0]!.n} samples.</p>
<div class="scroll" role="region" tabindex="0" aria-label="Faithfulness"><table><thead><tr><th scope="col">score</th><td></td><th scope="col">mean [interval]</th><th scope="col">noise floor</th></tr></thead><tbody>${rows}</tbody></table></div>`;
};

const removed = ({ setting }: AuditScore): string => `imputer ${/ imputer (.*)$/.exec(setting)?.[1] ?? "zero"}`;
const span = (name: string, from: number, to: number): Html =>
  html`<i class="${name}" style="left:${from.toFixed(1)}%;width:${(to - from).toFixed(1)}%"></i>`;

/** What reached the input, what was lost to what, and where; undefined for methods without a ledger. */
export const ledgerFigure = ({ ledger }: Audit): Html | undefined => {
  if (ledger === undefined) return undefined;
  const causes = Object.entries(ledger.causes).sort(([, a], [, b]) => Math.abs(b.median) - Math.abs(a.median));
  const all: (readonly [string, Quantiles])[] = [
    ["reached the input", ledger.arrived],
    ...causes.map(([name, of]) => [`lost to: ${name}`, of] as const),
  ];
  const largest = maxOf(
    all.map(([, { median }]) => Math.abs(median)),
    1e-12,
  );
  const rows = all.map(
    ([name, of], i) =>
      html`<tr><th scope="row">${name}</th><td class="plot"><span class="share${i === 0 && " reached"}${of.median < 0 && " gained"}" style="width:${((100 * Math.abs(of.median)) / largest).toFixed(1)}%"></span></td>${quantileCells(of)}</tr>`,
  );
  const layers = ledger.layers.map(
    ({ node, op, rule, kept }) =>
      html`<tr><th scope="row">${node} <span class="muted">${op}, ${rule}</span></th>${quantileCells(kept)}</tr>`,
  );
  const heads = html`<th scope="col">median</th><th scope="col">5 % to 95 %</th>`;
  return html`<p>Shares of the relevance put at the output, over ${ledger.n} samples. A small share at the input is no fault of the map: biases keep theirs. Negative: added.</p>
<div class="scroll" role="region" tabindex="0" aria-label="Ledger"><table><thead><tr><th scope="col">of the seed</th><td></td>${heads}</tr></thead><tbody>${rows}</tbody></table></div>
${layers.length > 0 && html`<div class="scroll" role="region" tabindex="0" aria-label="Layers"><table><caption>Nodes that keep most</caption><thead><tr><th scope="col">node</th>${heads}</tr></thead><tbody>${layers}</tbody></table></div>`}`;
};

const quantileCells = ({ low, median, high }: Quantiles): Html =>
  html`<td><strong>${shareOf(median)}</strong></td><td class="muted">${shareOf(low)} to ${shareOf(high)}</td>`;

/** "3.3 %", "−1.3 %", "< 0.01 %" */
const shareOf = (share: number): string =>
  share !== 0 && Math.abs(share) < 1e-4 ? "< 0.01 %" : percent(share).replace("-", "−");
