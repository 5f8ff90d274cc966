/** The audit as one HTML page: no script that runs, nothing loaded; the audit itself lies in it as JSON. */
import { escapeHtml, htmlDocument } from "@backlit/core";
import { bytes } from "@backlit/workbench";
import type { Audit, Check, ModelIdentity, Port, Preflight } from "./document.ts";
import { faithfulnessTable, ledgerFigure } from "./page-figures.ts";
import { AUDIT_STYLE } from "./page-style.ts";
import { checkNumbers, headline, methodLine } from "./words.ts";

const HOLDER = /<script type="application\/json" id="audit">([^<]*)<\/script>/;

/** The JSON a page holds. */
export const auditIn = (page: string): string | undefined => HOLDER.exec(page)?.[1];

export const auditPage = (audit: Audit): string => {
  const { model, preflight, checks, limits, notices } = audit;
  const sections: readonly (readonly [title: string, body: string])[] = [
    ["Checks", `<ul class="checks">${checks.map(checkItem).join("\n")}</ul>`],
    ["Faithfulness", faithfulnessTable(audit)],
    ["Where the relevance went", ledgerFigure(audit)],
    ["The model", `${facts(modelFacts(model))}${preflightTable(preflight)}`],
    ["Known limits", list(limits)],
    ["Notices", notices.length > 0 ? list(notices) : ""],
    ["How to get this again", again(audit)],
  ];
  const title = `Audit of ${model.name}`;
  const body = `<header><h1>${escapeHtml(title)}</h1>
<p class="lead">${escapeHtml(headline(checks))}</p>
<p class="muted">${escapeHtml(methodLine(audit))}</p></header>
<main>
${sections.map(([name, inner]) => (inner === "" ? "" : section(name, inner))).join("\n")}
</main>
<script type="application/json" id="audit">${JSON.stringify(audit).replaceAll("<", "\\u003c")}</script>`;
  return htmlDocument(title, body, AUDIT_STYLE);
};

const section = (title: string, body: string): string => {
  const id = title.toLowerCase().replaceAll(" ", "-");
  return `<section aria-labelledby="${id}">\n<h2 id="${id}">${escapeHtml(title)}</h2>\n${body}\n</section>`;
};

const MARKS: Readonly<Record<Check["verdict"], string>> = {
  passed: "✓",
  failed: "✕",
  "not enough data": "?",
  "not applicable": "–",
};

const checkItem = (check: Check): string =>
  `<li class="${check.verdict.replaceAll(" ", "-")}"><span class="badge"><span aria-hidden="true">${MARKS[check.verdict]}</span> ${check.verdict}</span>
<div><strong>${escapeHtml(check.what)}</strong><p>${escapeHtml(sentence(check.words))}.</p>${checkNumbers(check)
    .map((line) => `<p class="muted">${escapeHtml(sentence(line))}</p>`)
    .join("")}</div></li>`;

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const list = (lines: readonly string[]): string =>
  `<ul class="plain">${lines.map((line) => `<li>${escapeHtml(sentence(line))}</li>`).join("")}</ul>`;

const facts = (pairs: readonly (readonly [string, string])[]): string =>
  `<dl>${pairs.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`).join("")}</dl>`;

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

const preflightTable = ({ nodes, kinds, rules, unsupported, start, output, explained }: Preflight): string => {
  const from = start === output ? output : `${start}, before ${output},`;
  const ruleRows = rules.map(
    ({ rule, why, layers }) =>
      `<tr><th scope="row">${escapeHtml(rule)}</th><td>${layers}</td><td class="words">${escapeHtml(why)}</td></tr>`,
  );
  const missing = unsupported.map(({ node, op, why }) => `${op} '${node}': ${why}`);
  return `<p>From ${escapeHtml(from)} back to ${escapeHtml(explained.join(", "))}: ${nodes} nodes, ${escapeHtml(
    kinds.map(({ kind, nodes: own }) => `${own} ${kind}`).join(", "),
  )}.</p>
${missing.length > 0 ? `<p>Without a rule, detached:</p>${list(missing)}` : ""}
${ruleRows.length > 0 ? `<div class="scroll" role="region" tabindex="0" aria-label="Rules"><table><caption>Rules of the layers with weights</caption><thead><tr><th scope="col">rule</th><th scope="col">layers</th><th scope="col" class="words">why</th></tr></thead><tbody>${ruleRows.join("")}</tbody></table></div>` : ""}`;
};

const again = (audit: Audit): string => {
  const { model, data, method, task, version, sha256 } = audit;
  return `<p>With the model, the data and the recipe of these hashes and backlit ${escapeHtml(version)} the same numbers come out. The audit is unsigned; it is verified by these hashes.</p>
${facts([
  ["model", model.identity ?? model.sha256],
  ["data", `${data.sha256} (${data.name}, ${data.samples} samples)`],
  ["recipe", method.hash],
  ["seed", String(task.seed)],
  ["this audit", `${sha256} (SHA-256 of its canonical JSON, which lies in this page)`],
])}
<pre>backlit audit --verify REPORT.html           is it whole?
backlit audit --verify REPORT.html MODEL DATA   does it come out again?</pre>
<details><summary>The whole recipe</summary><pre>${escapeHtml(JSON.stringify(method.recipe, null, 1))}</pre></details>`;
};
