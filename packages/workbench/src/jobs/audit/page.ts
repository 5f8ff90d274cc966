/** The audit as one HTML page: no script that runs, nothing loaded; the audit itself lies in it as JSON. */
import { type Html, html, htmlDocument, joinHtml, rawHtml } from "@backlit/core";
import { bytes } from "../../report/numbers.ts";
import type { Audit, Check, ModelIdentity, Port, Preflight } from "./document.ts";
import style from "./page.css?raw";
import { faithfulnessTable, ledgerFigure } from "./page-figures.ts";
import { checkNumbers, headline, methodLine } from "./words.ts";

const HOLDER = /<script type="application\/json" id="audit">([^<]*)<\/script>/;

/** The JSON a page holds. */
export const auditIn = (page: string): string | undefined => HOLDER.exec(page)?.[1];

export const auditPage = (audit: Audit): string => {
  const { model, preflight, checks, limits, notices } = audit;
  const sections: readonly (readonly [title: string, body: Html | undefined])[] = [
    ["Checks", html`<ul class="checks">${joinHtml(checks.map(checkItem), "\n")}</ul>`],
    ["Faithfulness", faithfulnessTable(audit)],
    ["Where the relevance went", ledgerFigure(audit)],
    ["The model", html`${facts(modelFacts(model))}${preflightTable(preflight)}`],
    ["Known limits", list(limits)],
    ["Notices", notices.length > 0 ? list(notices) : undefined],
    ["How to get this again", again(audit)],
  ];
  const title = `Audit of ${model.name}`;
  const shown = sections.map(([name, inner]) => inner && section(name, inner));
  const body = html`<header><h1>${title}</h1>
<p class="lead">${headline(checks)}</p>
<p class="muted">${methodLine(audit)}</p></header>
<main>
${joinHtml(
  shown.map((one) => html`${one}`),
  "\n",
)}
</main>
<script type="application/json" id="audit">${rawHtml(JSON.stringify(audit).replaceAll("<", "\\u003c"))}</script>`;
  return htmlDocument(title, String(body), style);
};

const section = (title: string, body: Html): Html => {
  const id = title.toLowerCase().replaceAll(" ", "-");
  return html`<section aria-labelledby="${id}">\n<h2 id="${id}">${title}</h2>\n${body}\n</section>`;
};

const MARKS: Readonly<Record<Check["verdict"], string>> = {
  passed: "✓",
  failed: "✕",
  "not enough data": "?",
  "not applicable": "–",
};

const checkItem = (check: Check): Html =>
  html`<li class="${check.verdict.replaceAll(" ", "-")}"><span class="badge"><span aria-hidden="true">${MARKS[check.verdict]}</span> ${check.verdict}</span>
<div><strong>${check.what}</strong><p>${sentence(check.words)}.</p>${checkNumbers(check).map((line) => html`<p class="muted">${sentence(line)}</p>`)}</div></li>`;

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const list = (lines: readonly string[]): Html =>
  html`<ul class="plain">${lines.map((line) => html`<li>${sentence(line)}</li>`)}</ul>`;

const facts = (pairs: readonly (readonly [string, string])[]): Html =>
  html`<dl>${pairs.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;

const modelFacts = (model: ModelIdentity): (readonly [string, string])[] => [
  ["file", `${bytes(model.bytes)}, SHA-256 ${model.sha256}`],
  ...Object.entries(model.weights ?? {}).map(([file, hash]) => [`weights in ${file}`, `SHA-256 ${hash}`] as const),
  ["inputs", model.inputs.map(port).join("; ")],
  ["outputs", model.outputs.map(port).join("; ")],
  ...(model.classes === undefined ? [] : [["class names", String(model.classes)] as const]),
  [
    "graph",
    `${grouped(model.nodes)} nodes, ${grouped(model.parameters)} parameters, opset ${Object.entries(model.opset)
      .map(([domain, version]) => (domain === "ai.onnx" ? version : `${domain} ${version}`))
      .join(", ")}${model.producer === undefined ? "" : `, made by ${model.producer}`}`,
  ],
];

const port = ({ name, type, dims }: Port): string => `${name} ${type} ${dims.join("×")}`;
const grouped = (count: number): string => count.toLocaleString("en-US");

const preflightTable = ({ nodes, kinds, rules, unsupported, start, output, explained }: Preflight): Html => {
  const from = start === output ? output : `${start}, before ${output},`;
  const ruleRows = rules.map(
    ({ rule, why, layers }) => html`<tr><th scope="row">${rule}</th><td>${layers}</td><td class="words">${why}</td></tr>`,
  );
  const missing = unsupported.map(({ node, op, why }) => `${op} '${node}': ${why}`);
  const counted = kinds.map(({ kind, nodes: own }) => `${own} ${kind}`).join(", ");
  return html`<p>From ${from} back to ${explained.join(", ")}: ${nodes} nodes, ${counted}.</p>
${missing.length > 0 && html`<p>Without a rule, detached:</p>${list(missing)}`}
${ruleRows.length > 0 && html`<div class="scroll" role="region" tabindex="0" aria-label="Rules"><table><caption>Rules of the layers with weights</caption><thead><tr><th scope="col">rule</th><th scope="col">layers</th><th scope="col" class="words">why</th></tr></thead><tbody>${ruleRows}</tbody></table></div>`}`;
};

const again = (audit: Audit): Html => {
  const { model, data, method, task, version, sha256 } = audit;
  return html`<p>With the model, the data and the recipe of these hashes and backlit ${version} the same numbers come out. The audit is unsigned; it is verified by these hashes.</p>
${facts([
  ["model", model.identity ?? model.sha256],
  ["data", `${data.sha256} (${data.name}, ${data.samples} samples)`],
  ["recipe", method.hash],
  ["seed", String(task.seed)],
  ["this audit", `${sha256} (SHA-256 of its canonical JSON, which lies in this page)`],
])}
<pre>backlit audit --verify REPORT.html           is it whole?
backlit audit --verify REPORT.html MODEL DATA   does it come out again?</pre>
<details><summary>The whole recipe</summary><pre>${JSON.stringify(method.recipe, null, 1)}</pre></details>`;
};
