/** backlit audit: what it says, that it comes out again, and that changes are found. */
import { readFileSync, writeFileSync } from "node:fs";
import { canonicalJson, sha256 } from "@backlit/core";
import type { Audit } from "@backlit/workbench";
import { auditIn } from "@backlit/workbench";
import { beforeAll, expect, test } from "vitest";
import { at, backlit, root } from "./cli.ts";

const MODEL = root("models/digits");
const DATA = root("data/digits");
const quick = ["--limit", "24", "--imputer", "zero", "--workers", "1"];
const page = at("audit.html");
let audit: Audit;

beforeAll(async () => {
  const { code, out, err } = await backlit("audit", MODEL, DATA, ...quick, "--out", page, "--json");
  expect(err).not.toMatch(/backlit:/);
  expect(code).toBe(0);
  audit = JSON.parse(out);
});

const check = ({ checks }: Audit, id: string) => checks.find((one) => one.id === id)!;
const run = async (...argv: string[]): Promise<Audit> => JSON.parse((await backlit("audit", ...argv, "--json")).out);

test("says which model, data and recipe, and what was found", async () => {
  const { model, data, method, preflight, ledger, scores, checks, limits, task } = audit;
  expect(model).toMatchObject({
    name: "digits",
    sha256: await sha256(readFileSync(`${MODEL}/model.onnx`)),
    nodes: 10,
    classes: 10,
  });
  expect(model.inputs).toEqual([{ name: "input", type: "float", dims: ["N", 1, 28, 28] }]);
  expect(data).toMatchObject({ name: "digits", samples: 24 });
  expect(method.recipe).toMatchObject({ method: "lrp", composite: "gamma-box", seed: "half-log-odds" });
  expect(task).toMatchObject({ target: "top", limit: 24, seed: 0 });
  expect(preflight.nodes).toBe(preflight.kinds.reduce((sum, { nodes }) => sum + nodes, 0));
  expect(preflight.unsupported).toEqual([]);
  expect(checks.map(({ id, verdict }) => [id, verdict])).toEqual([
    ["operators", "passed"],
    ["ledger", "passed"],
    ["completeness", "not applicable"],
    ["randomised", "passed"],
    ["classes", "passed"],
    ["faithful-zero", "passed"],
  ]);
  expect(ledger!.n).toBe(24);
  expect(ledger!.arrived.low).toBeLessThanOrEqual(ledger!.arrived.median);
  expect(ledger!.rest).toMatchObject({ exceeding: 0 });
  // On a network without padding all that is lost is lost to biases and stabilisers.
  expect(Object.keys(ledger!.causes).sort()).toEqual(["bias", "stabiliser"]);
  const srg = scores.find(({ score }) => score === "srg")!;
  expect(srg.low).toBeGreaterThan(srg.floor!.high);
  expect(check(audit, "faithful-zero").value).toBe(srg.mean);
  expect(limits.join("\n")).toMatch(/the predicted class is the label on/);
});

test("two runs have one hash; another seed or limit has another", async () => {
  const { sha256: own, ...content } = audit;
  expect(await sha256(canonicalJson(content))).toBe(own);
  expect((await run(MODEL, DATA, ...quick)).sha256).toBe(own);
  expect((await run(MODEL, DATA, ...quick, "--seed-rng", "1")).sha256).not.toBe(own);
});

test("the page holds the audit, and is whole", async () => {
  const html = readFileSync(page, "utf8");
  expect(JSON.parse(auditIn(html)!)).toEqual(audit);
  expect(html.match(/<script/g)).toHaveLength(1);
  expect(html).toContain(audit.sha256);
  const { code, out } = await backlit("audit", "--verify", page);
  expect(out).toMatch(/^whole: /);
  expect(code).toBe(0);
});

test("comes out again from model and data", async () => {
  const { code, out } = await backlit("audit", "--verify", page, MODEL, DATA, "--workers", "1");
  expect(out).toMatch(/^whole: .*\nreproduced to the last digit\n$/);
  expect(code).toBe(0);
});

test("a change is found: in the content, in what the page shows, and in content with a hash that fits", async () => {
  const html = readFileSync(page, "utf8");
  const changed = async (text: string, ...more: string[]) => {
    const file = at(text.startsWith("<") ? "changed.html" : "changed.json");
    writeFileSync(file, text);
    return backlit("audit", "--verify", file, ...more);
  };
  const inside = await changed(html.replace('"verdict":"passed"', '"verdict":"failed"'));
  expect(inside.out).toMatch(/^changed: its content has SHA-256/);
  expect(inside.code).toBe(1);
  const shown = await changed(html.replace("6 checks: 5 passed", "6 checks: 6 passed"));
  expect(shown.out).toMatch(/^changed: the page shows something else/);
  expect(shown.code).toBe(1);
  const { sha256: _, ...content } = { ...audit, data: { ...audit.data, samples: 25 } };
  const forged = { ...content, sha256: await sha256(canonicalJson(content)) };
  expect((await changed(JSON.stringify(forged))).code).toBe(0);
  const again = await changed(JSON.stringify(forged), MODEL, DATA, "--workers", "1");
  expect(again.out).toMatch(/not reproduced: 1 entry differs\n {2}data\.samples: 25 in the audit, 24 now/);
  expect(again.code).toBe(1);
});

test("another model is told", async () => {
  const { code, out } = await backlit("audit", "--verify", page, root("models/digits-mlp"), DATA);
  expect(out).toMatch(/another model: SHA-256 [0-9a-f]{64}, the audit is of/);
  expect(code).toBe(1);
});

test("z⁺ with seed one fails the check of classes; integrated gradients keep their promise and have no ledger", async () => {
  const zplus = await run(root("models/digits-mlp"), DATA, ...quick, "--composite", "zplus");
  expect(check(zplus, "classes")).toMatchObject({ verdict: "failed", threshold: expect.stringContaining("0.9") });
  const gradients = await run(root("models/digits-mlp"), DATA, ...quick, "--method", "integrated-gradients");
  expect(gradients.ledger).toBeUndefined();
  expect(check(gradients, "ledger").verdict).toBe("not applicable");
  expect(check(gradients, "completeness")).toMatchObject({ verdict: "passed", n: 24 });
});

test.each([
  ["3 minus 8", [], { contrast: 8 }],
  ["index:3", ["--composite", "epsilon"], "logit"],
  ["3 minus 8", ["--method", "gradient-x-input"], { contrast: 8 }],
  ["3 minus 8", ["--method", "feature-ablation"], undefined],
])("one target for all samples: %s %j", async (target, method, seed) => {
  const file = at("asked.json");
  const data = [root("models/digits-mlp"), DATA];
  const few = ["--limit", "6", "--imputer", "zero", "--workers", "1"];
  const { code, out, err } = await backlit("audit", ...data, ...few, ...method, "--target", target, "--out", file, "--json");
  expect(code, err).toBe(0);
  const one = JSON.parse(out) as Audit;
  expect(one.task.target).toBe(target);
  expect((one.method.recipe as { seed?: unknown }).seed).toEqual(seed);
  expect(one.limits.join("\n")).toContain(`maps are judged for ${target} on all samples`);
  const again = await backlit("audit", "--verify", file, ...data, "--workers", "1");
  expect(again.out).toMatch(/reproduced to the last digit/);
});

test("few samples: shown, not judged; for people", async () => {
  const { code, out } = await backlit(
    "audit",
    root("models/digits-mlp"),
    DATA,
    "--limit",
    "5",
    "--imputer",
    "zero",
    "--workers",
    "1",
  );
  expect(code).toBe(0);
  expect(out).toMatch(/not enough data +The map depends on the class: 5 samples are too few/);
  expect(out).toMatch(/SHA-256 of this audit [0-9a-f]{64}/);
});

test.each([
  [[], /no MODEL and DATA: backlit audit MODEL DATA/],
  [[MODEL], /no DATA/],
  [[MODEL, DATA, "--out", "report.pdf"], /name a file that ends in \.html or \.json/],
  [["--verify", "a.json", "--out", "b.html"], /--out does not go with --verify/],
  [[MODEL, DATA, "--composite", "epsilonn"], /unknown composite 'epsilonn'/],
  [[MODEL, DATA, "--limit", "0"], /--limit 0: give a whole number from 1/],
])("bad usage %j", async (argv, message) => {
  const { code, err } = await backlit("audit", ...argv);
  expect(err).toMatch(message);
  expect(code).toBe(2);
});

test("files that are no audit, or not there", async () => {
  const missing = await backlit("audit", "--verify", at("nothing.json"));
  expect(missing.err).toMatch(/cannot read the audit/);
  expect(missing.code).toBe(1);
  writeFileSync(at("other.json"), "{}");
  const other = await backlit("audit", "--verify", at("other.json"));
  expect(other.err).toMatch(/this is no audit/);
  expect(other.code).toBe(1);
});
