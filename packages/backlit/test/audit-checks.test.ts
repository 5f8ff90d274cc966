/** Verdicts of an audit at their thresholds, its statistics, its comparison, and its page in a browser. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Ledger, methodCards } from "@backlit/core";
import type { Audit, AuditScore, Preflight } from "@backlit/workbench";
import {
  auditPage,
  checksOf,
  differencesOf,
  type Findings,
  ledgerStatistics,
  limitsOf,
  quantilesOf,
  rounded,
} from "@backlit/workbench";
import { chromium } from "playwright-core";
import { describe, expect, test } from "vitest";

const preflight: Preflight = {
  ...{ output: "y", start: "y", explained: ["x"], fixed: [], nodes: 4, unsupported: [], loses: { "the bias's share": 2 } },
  kinds: [{ kind: "linear", nodes: 4, rules: { "epsilon 1e-6": 4 } }],
  rules: [{ rule: "epsilon 1e-6", why: "every layer <b>", layers: 4 }],
};
const score = (metric: string, name: string, mean: number, half: number, more: Partial<AuditScore> = {}): AuditScore => ({
  ...{ metric, setting: `${metric} by probability, unit auto, imputer zero`, score: name, n: 40, mean, median: mean },
  ...{ low: mean - half, high: mean + half },
  ...more,
});
const floor = { mean: 0, low: -0.05, high: 0.05 };
const card = methodCards.find(({ name }) => name === "lrp");
const findings = (scores: readonly AuditScore[], more: Partial<Findings> = {}): Findings => ({
  ...{ preflight, card, many: false, scores, refused: {}, classes: 10 },
  ...more,
});
const verdict = (id: string, of: Findings) => checksOf(of).find((check) => check.id === id)?.verdict;

test("an interval is judged whole: passed, failed, or not enough data", () => {
  const srg = (mean: number, more = {}) => findings([score("srg", "srg", mean, 0.04, { floor, ...more })]);
  expect(verdict("faithful-zero", srg(0.1))).toBe("passed");
  expect(verdict("faithful-zero", srg(0.08))).toBe("not enough data");
  expect(verdict("faithful-zero", srg(0))).toBe("failed");
  expect(verdict("faithful-zero", srg(0.5, { n: 19 }))).toBe("not enough data");
  const mprt = (mean: number) => findings([score("mprt", "spearman_last", mean, 0.1)]);
  expect([0.3, 0.45, 0.7, -0.3, -0.7].map((mean) => verdict("randomised", mprt(mean)))).toEqual([
    "passed",
    "not enough data",
    "failed",
    "passed",
    "failed",
  ]);
  const classes = (mean: number, count = 10) => findings([score("random-logit", "spearman", mean, 0.02)], { classes: count });
  expect([-0.9, 0.5, 0.9, 0.95].map((mean) => verdict("classes", classes(mean)))).toEqual([
    "passed",
    "passed",
    "not enough data",
    "failed",
  ]);
  expect(verdict("classes", classes(0.95, 1))).toBe("not applicable");
});

test("operators without a rule fail; what cannot be measured says why", () => {
  const unsupported = [{ node: "n", op: "Foo", why: "no rule" }];
  expect(verdict("operators", findings([], { preflight: { ...preflight, unsupported } }))).toBe("failed");
  expect(verdict("operators", findings([], { preflight: { ...preflight, unsupported }, many: true }))).toBe("not applicable");
  const refused = checksOf(findings([], { refused: { mprt: "two inputs" } })).find(({ id }) => id === "randomised");
  expect(refused).toMatchObject({ verdict: "not applicable", words: "two inputs" });
  const sum = (median: number) => findings([score("completeness", "completeness_error_relative", 9, 1, { median })]);
  expect([0.04, 0.06].map((median) => verdict("completeness", sum(median)))).toEqual(["passed", "failed"]);
});

const ledger = (seed: number, arrived: number, rest: number): Ledger => ({
  ...{ seed, arrived, rest, tolerance: 0.01, lost: { bias: seed - arrived - rest } },
  entries: [{ node: "a", op: "Conv", rule: "zplus", in: seed, out: arrived, causes: {}, rest }],
});

test("ledgers as shares of their seeds; a rest beyond what strict allows is counted", () => {
  const found = ledgerStatistics([ledger(2, 1, 0), ledger(-4, -1, 0), ledger(10, 7.5, 0.02), ledger(0, 0, 0)]);
  expect(found.n).toBe(3);
  expect(found.arrived.median).toBeCloseTo(0.5, 12);
  expect(found.causes.bias!.median).toBeCloseTo(0.5, 12);
  expect(found.layers[0]).toMatchObject({ node: "a", kept: { median: 0.5 } });
  expect(found.rest).toEqual({ largest: 2, exceeding: 1 });
  expect(verdict("ledger", findings([], { ledger: found }))).toBe("failed");
  expect(quantilesOf([0, 1, 2, 3, 4])).toEqual({ low: 0.2, lower: 1, median: 2, upper: 3, high: 3.8 });
});

test("two documents are compared field by field", () => {
  expect(rounded({ a: 1 / 3, b: [Number.NaN], c: "1.23456789" })).toEqual({ a: 0.33333, b: [null], c: "1.23456789" });
  expect(differencesOf({ a: 1, b: { c: [2, 3] } }, { b: { c: [2, 3] }, a: 1 })).toEqual([]);
  expect(differencesOf({ a: 1, b: { c: [200, "x"] } }, { b: { c: [201, "y"] } }, ["a"])).toEqual([
    { at: "b.c.0", here: "200", there: "201", relative: 1 / 201 },
    { at: "b.c.1", here: '"x"', there: '"y"' },
  ]);
  const texts = (there: string) => differencesOf("above 0.500, of 3 maps", there)[0]!.relative;
  expect(texts("above 0.501, of 3 maps")).toBeCloseTo(0.001, 12);
  expect(texts("below 0.500, of 3 maps")).toBeUndefined();
  expect(differencesOf("0".repeat(64), "1".repeat(64))[0]!.relative).toBeUndefined();
});

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const scores = [
  score("srg", "srg", 0.4, 0.05, { floor }),
  score("mprt", "spearman_last", 0.7, 0.1),
  score("random-logit", "spearman", 0.9, 0.1),
];
const statistics = ledgerStatistics([ledger(2, 1, 0), ledger(4, 1, 0)]);
const port = { name: "x", type: "float", dims: ["N", 3] };
const task = { target: "top", seed: 0, settings: [] } as const;
const audit: Audit = {
  ...{ audit: 1, version: "0.0.0", preflight, ledger: statistics, scores, notices: ["<i>"], sha256: "f".repeat(64), task },
  model: {
    name: "a <model>",
    sha256: "a".repeat(64),
    bytes: 12,
    opset: { "ai.onnx": 17 },
    inputs: [port],
    outputs: [port],
    nodes: 4,
    parameters: 9,
  },
  data: { name: "data", sha256: "b".repeat(64), samples: 40 },
  method: {
    name: "auto",
    recipe: { method: "lrp", composite: "epsilon", seed: "one", score: "logit", rules: [] },
    hash: "c".repeat(64),
  },
  checks: checksOf(findings(scores, { ledger: statistics })),
  limits: limitsOf({ card, preflight, scores, task, samples: 40 }),
};

describe.skipIf(executablePath === undefined && !process.env.CI)("the page in a browser", () => {
  test("wide and narrow, light and dark: axe finds nothing serious, nothing is cut off; two pages of paper at most", async () => {
    await using browser = await chromium.launch({
      ...(executablePath && { executablePath }),
      args: ["--no-sandbox", "--disable-gpu"],
    });
    const html = auditPage(audit);
    expect(html).not.toMatch(/<model>|<b>|<i>/);
    for (const [width, colorScheme] of [
      [1200, "light"],
      [390, "dark"],
    ] as const) {
      const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
      await page.setContent(html);
      const [inner, outer] = (await page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]",
      )) as [number, number];
      expect(inner).toBeLessThanOrEqual(outer);
      await page.evaluate(axe);
      const serious = await page.evaluate(
        "axe.run().then(({ violations }) => violations.filter(({ impact }) => ['serious', 'critical'].includes(impact)).map(({ id, nodes }) => id + ': ' + nodes[0].html))",
      );
      expect(serious).toEqual([]);
      if (width === 1200) {
        const pdf = await page.pdf({ format: "A4" });
        expect(Number(/\/Count (\d+)/.exec(pdf.toString("latin1"))![1])).toBeLessThanOrEqual(2);
      }
      await page.close();
    }
  });
});
