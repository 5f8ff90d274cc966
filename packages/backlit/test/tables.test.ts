/** `auto` on tables, command by command: what is taken, what is said, what is refused. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { encodeModelBytes, parseModel } from "@backlit/core";
import { beforeAll, describe, expect, test } from "vitest";
import { at, backlit } from "./cli.ts";

const MEANS = [1, -2, 0.5, 4];
const net = (scaler: string): Uint8Array =>
  encodeModelBytes(
    parseModel(`net (float[N,4] x) => (float[N,3] logits) <float[4,6] w = random(1), float[6,3] v = random(2), float[6] b = random(3), float[4] m = {${MEANS}}, float[4] d = {2, 3, 0.5, 4}>
      { ${scaler} q = MatMul(s, w) h = Add(q, b) r = Relu(h) logits = MatMul(r, v) }`),
  );
const [SCALED, BARE, SAID] = [at("scaled"), at("bare"), at("said")];
const [ROWS, DATA, REFERENCES] = [at("rows.csv"), at("data.csv"), at("references.csv")];
const row = (n: number): string => MEANS.map((mean, i) => (mean + Math.sin(3 * n + 7 * i) * (i + 1)).toFixed(4)).join(",");
const rows = (from: number, count: number): string =>
  `${["age,height,debt,income", ...Array.from({ length: count }, (_, n) => row(from + n))].join("\n")}\n`;

beforeAll(() => {
  for (const folder of [SCALED, BARE, SAID]) mkdirSync(folder);
  writeFileSync(`${SCALED}/model.onnx`, net("c = Sub(x, m) s = Div(c, d)"));
  writeFileSync(`${BARE}/model.onnx`, net("s = Identity(x)"));
  writeFileSync(`${SAID}/model.onnx`, net("s = Identity(x)"));
  writeFileSync(`${SAID}/config.json`, JSON.stringify({ backlit: { mean: MEANS } }));
  writeFileSync(ROWS, rows(0, 3));
  writeFileSync(DATA, rows(10, 24));
  writeFileSync(REFERENCES, rows(100, 8));
});

const json = async (...argv: string[]) => {
  const { code, out, err } = await backlit(...argv, "--json");
  expect(err).not.toMatch(/^backlit:/m);
  expect(code).toBe(0);
  return JSON.parse(out);
};

describe("explain", () => {
  test("the difference from the row of the model's own scaler, wherever it is said", async () => {
    const page = at("page.html");
    const { code, out, err } = await backlit("explain", SCALED, ROWS, "--report", page);
    expect(code).toBe(0);
    expect(err.split("\n")[0]).toMatch(/^note: output 'logits'.*explained is the difference from the reference$/);
    expect(err).toMatch(/auto took deeplift with seed logit: .* the row that the model's own scaler \('c'\) takes to 0/);
    expect(out.match(/difference from the reference: Σ \S+ = f\(x\) \S+ − f\(reference\) \S+/g)).toHaveLength(3);
    expect(out).toContain("recipe   deeplift, seed logit");
    expect(out).not.toContain("reached the input");
    expect(readFileSync(page, "utf8").match(/difference from the reference: Σ/g)).toHaveLength(3);
    const { inputs, recipe } = await json("explain", SCALED, ROWS);
    expect(recipe).toMatchObject({ method: "deeplift", params: { baseline: MEANS } });
    for (const { explains, completeness, arrived } of inputs) {
      expect(explains).toBe("difference from the reference");
      expect(completeness.difference).toBeCloseTo(completeness.score - completeness.reference, 6);
      expect(arrived).toBeCloseTo(completeness.difference, 4);
    }
  });

  test("from references where they are given", async () => {
    const { recipe, inputs, notices } = await json("explain", SCALED, ROWS, "--references", REFERENCES);
    expect(recipe.method).toBe("deep-shap");
    expect(notices.join()).toContain("8 references");
    for (const { arrived, completeness } of inputs) expect(arrived).toBeCloseTo(completeness.difference, 4);
  });

  test("from a mean: given, or in config.json", async () => {
    const given = await json("explain", BARE, ROWS, "--mean", MEANS.join(","));
    expect(given.recipe).toMatchObject({ method: "deeplift", params: { baseline: MEANS } });
    const said = await json("explain", SAID, ROWS);
    expect(said.recipe).toEqual(given.recipe);
    expect(said.inputs[0].relevance).toEqual(given.inputs[0].relevance);
  });

  test("relevance where nothing is known, with the way to references", async () => {
    const { recipe, notices, inputs } = await json("explain", BARE, ROWS);
    expect(recipe).toMatchObject({ method: "lrp", composite: "epsilon" });
    expect(notices.join()).toMatch(/--references FILE, rows of the data.*--mean/);
    expect(inputs[0].ledger).toBeDefined();
  });

  test.each([["--ledger"], ["--strict"], ["--layer", "h"], ["--composite", "auto"]])("%s takes relevance", async (...option) => {
    const { recipe, inputs } = await json("explain", SCALED, ROWS, ...option);
    expect(recipe).toMatchObject({ method: "lrp", composite: "epsilon" });
    expect(inputs[0].completeness).toBeUndefined();
  });

  test.each([
    ["a mean beside references", ["--mean", "0", "--references", REFERENCES], /--mean is not read: references are given/],
    ["a mean with a method", ["--mean", "0", "--method", "gradient"], /--mean is not read/],
    ["a mean with a ledger", ["--mean", "0", "--ledger"], /--mean is not read.*--ledger/],
    ["a mean that is no number", ["--mean", "1,x"], /give numbers/],
    ["a mean of other rows", ["--mean", "1,2"], /a mean of 2 numbers.*rows have 4/],
    [
      "references of relevance",
      ["--references", REFERENCES, "--composite", "epsilon"],
      /--references does not go with method lrp/,
    ],
  ])("%s is refused", async (_, options, words) => {
    const { code, err } = await backlit("explain", SCALED, ROWS, ...options);
    expect(code).toBeGreaterThan(0);
    expect(err).toMatch(words);
  });
});

test("inspect says what auto takes; compile takes relevance", async () => {
  const { recipe, notices } = await json("inspect", SCALED);
  expect(recipe).toMatchObject({ method: "deeplift", params: { baseline: MEANS } });
  expect(notices.join()).toContain("auto took deeplift");
  expect((await json("inspect", BARE, "--mean", "0")).recipe.method).toBe("deeplift");
  expect((await json("compile", SCALED, "-o", at("compiled.onnx"))).recipe).toMatchObject({
    method: "lrp",
    composite: "epsilon",
  });
});

test("evaluate judges what explain explains", async () => {
  const list = MEANS.join(",");
  writeFileSync(
    at("deeplift.json"),
    JSON.stringify({ recipe: 1, method: "deeplift", seed: "logit", params: { baseline: MEANS } }),
  );
  const quick = ["--imputer", `constant:0.5`, "--workers", "1"];
  const own = await json("evaluate", SCALED, DATA, "--methods", `auto,${at("deeplift.json")},epsilon`, ...quick);
  expect(own.methods[0].recipe).toMatchObject({ method: "deeplift", params: { baseline: MEANS } });
  expect(own.tables[0].values[0]).toEqual(own.tables[0].values[1]);
  expect(own.tables[0].values[0]).not.toEqual(own.tables[0].values[2]);
  const shap = await json("evaluate", BARE, DATA, "--methods", "auto,deep-shap,epsilon", "--references", REFERENCES, ...quick);
  expect(shap.methods[0].recipe.method).toBe("deep-shap");
  expect(shap.tables[0].values[0]).toEqual(shap.tables[0].values[1]);
  expect(shap.tables[0].values[0]).not.toEqual(shap.tables[0].values[2]);
  const mean = await json("evaluate", BARE, DATA, "--methods", "auto", "--mean", list, ...quick);
  expect(mean.methods[0].recipe).toMatchObject({ method: "deeplift", params: { baseline: MEANS } });
  const unread = await backlit("evaluate", BARE, DATA, "--methods", "gradient", "--references", REFERENCES, ...quick);
  expect(unread.err).toContain("no method here reads --references");
});

test("a stopped run with other references begins anew", async () => {
  const cache = ["--methods", "auto", "--imputer", "zero", "--workers", "1", "--cache", at("cache")];
  const first = await json("evaluate", BARE, DATA, ...cache, "--references", REFERENCES);
  const other = await json("evaluate", BARE, DATA, ...cache, "--references", ROWS);
  expect(other.tables[0].values[0]).not.toEqual(first.tables[0].values[0]);
});

test("tune measures against what auto takes", async () => {
  const { held, verdict, recipe } = await json("tune", SCALED, DATA, "--budget", "2", "--workers", "1");
  expect(held.objective.methods.map(({ method }: { method: string }) => method)).toEqual(
    expect.arrayContaining(["auto", "auto's relevance"]),
  );
  expect(held.comparisons.some(({ b }: { b: string }) => b === "auto")).toBe(true);
  expect(verdict.keep).toBe("not enough");
  expect(recipe.method).toBe("lrp");
});

test("an audit is of what auto takes, and is verified with its references", async () => {
  const quick = ["--limit", "10", "--imputer", "zero", "--workers", "1"];
  const plain = await json("audit", SCALED, DATA, ...quick);
  expect(plain.method).toMatchObject({ name: "auto", recipe: { method: "deeplift", params: { baseline: MEANS } } });
  expect(plain.checks.find(({ id }: { id: string }) => id === "completeness").value).toBeLessThan(1e-3);
  const file = at("shap.json");
  const audit = await json("audit", BARE, DATA, ...quick, "--references", REFERENCES, "--out", file);
  expect(audit.task.references.count).toBe(8);
  const verify = async (...more: string[]) => backlit("audit", "--verify", file, BARE, DATA, "--workers", "1", ...more);
  expect((await verify()).out).toMatch(/made with 8 references of SHA-256 .*--references/);
  expect((await verify("--references", ROWS)).out).toContain("other references");
  expect((await verify("--references", REFERENCES)).out).toContain("reproduced to the last digit");
});
