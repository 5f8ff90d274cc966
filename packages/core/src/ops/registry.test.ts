/**
 * The registry against the operators: every one has a test in this folder, is what its line says it is, and stands in
 * docs/operators.md, which `npm run docs:operators` writes from the registry.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { files, read, root } from "../../test/sources.ts";
import { traced } from "../../test/support/run.ts";
import { Facts } from "../graph/facts.ts";
import { graphOf, opName } from "../graph/graph.ts";
import { decodeModel } from "../onnx/decode.ts";
import { parseModel } from "../onnx/parse-text.ts";
import { roleOf } from "./index.ts";
import { registry } from "./registry.ts";
import type { Kind } from "./role.ts";
import { reasons } from "./unsupported.ts";

const entries = Object.values(registry).flatMap((family) => Object.entries(family));

const texts = files("packages/core")
  .filter((path) => /\/(src\/ops\/.*\.test|test\/support\/layers)\.ts$/.test(path) && !path.includes("registry"))
  .map((path) => ({
    name: path
      .split("/")
      .at(-1)!
      .replace(/(\.test)?\.ts$/, "")
      .replace("layers", "linear"),
    text: read(path),
  }));
/** Test files that write the operator in a model, or name it in a list of such. */
const testedBy = (op: string): string[] => [
  ...new Set(texts.filter(({ text }) => new RegExp(`\\b${op}( <|\\(|")`).test(text)).map(({ name }) => name)),
];

test("no operator without a test, none listed twice", () => {
  const own = entries.map(([name]) => name);
  expect(own.filter((op) => !op.includes(".") && testedBy(op).length === 0)).toEqual([]);
  const listed = [...own, ...Object.keys(reasons)];
  expect(listed.filter((op, i) => listed.indexOf(op) !== i)).toEqual([]);
});

test("operators without a role say why", async () => {
  const text = "net (float[2,1,3] x, float[1,8,3] w, float[1,8,2] r) => (float[] y) { y, h, c = LSTM <hidden_size=2> (x, w, r) }";
  const graph = graphOf(parseModel(text));
  expect(roleOf(graph.nodes[0]!, new Facts(graph, await traced(text)))).toMatch(/time steps/);
  const unknown = { ...graph.nodes[0]!, opType: "Frobnicate", domain: "com.example" };
  expect(roleOf(unknown, new Facts(graph, await traced(text)))).toBe(
    "backlit has no rule for the operator com.example.Frobnicate",
  );
});

test("the nodes of the reference cases have the kinds their operators' lines say", async () => {
  const cases = files("conformance/ops").filter((path) => path.endsWith("model.onnx"));
  expect(cases.length).toBeGreaterThan(150);
  const byName = new Map(entries);
  const wrong: string[] = [];
  for (const path of cases) {
    const model = decodeModel(readFileSync(join(root, path)));
    if (model.opsetImport.some(({ domain, version }) => domain === "" && version < 13)) continue;
    const graph = graphOf(model);
    const facts = new Facts(graph, await traced(model));
    for (const node of graph.nodes) {
      if (node.output.every((name) => facts.isConstant(name))) continue;
      const role = roleOf(node, facts);
      const kind = typeof role === "string" ? role : role.kind;
      if (!byName.get(opName(node))?.kinds.includes(kind as Kind)) wrong.push(`${path}: ${opName(node)} ${kind}`);
    }
  }
  expect(wrong).toEqual([]);
});

const LRP: Readonly<Record<Kind, string>> = {
  linear: "the layer's rule",
  sum: "in proportion",
  scale: "passes",
  shift: "passes",
  activation: "passes",
  product: "half each, or all to the signal",
  bilinear: "half each, in proportion",
  normalization: "in proportion, the scale held fixed",
  softmax: "Taylor expansion",
  selection: "all to the winner",
  structural: "follows the values",
};

const page = (): string => {
  const count = entries.filter(([name]) => !name.includes(".")).length;
  const kinds = Object.entries(LRP).map(([kind, rule]) => `| ${kind} | ${rule} |`);
  const tables = Object.entries(registry).map(([family, lines]) => {
    const rows = Object.entries(lines).map(([name, { kinds, gradient }]) => {
      const lrp = gradient.startsWith("0") ? "ends" : kinds.map((kind) => LRP[kind]).join("; ");
      return `| ${[name, kinds.join(", "), lrp, gradient, testedBy(name).join(", ")].map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
    });
    return `## ${family}\n\n| operator | kind | LRP by default | gradient Jᵀg | tested by |\n|---|---|---|---|---|\n${rows.join("\n")}\n`;
  });
  const why = [...new Set(Object.values(reasons))].map((reason) => {
    const names = Object.keys(reasons).filter((name) => reasons[name] === reason);
    return `| ${names.join(", ")} | ${reason} |`;
  });
  return `# Operators

<!-- Written from packages/core/src/ops/registry.ts by \`npm run docs:operators\`. -->

The ${count} operators of ai.onnx that backlit explains through, after old opsets, quantised and fused operators were taken apart. An operator has
several kinds where it matters which of its inputs are constants. A recipe may give any node another rule.

| kind | LRP by default |
|---|---|
${kinds.join("\n")}

${tables.join("\n")}
## Not explained

\`--on-unsupported detach\` drops what arrives there; \`--explain\` names a value behind it.

| operators | why |
|---|---|
${why.join("\n")}
`;
};

test("docs/operators.md is up to date (npm run docs:operators writes it)", async () => {
  await expect(page()).toMatchFileSnapshot(join(root, "docs/operators.md"));
});
