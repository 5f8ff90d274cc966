/** What the report of an evaluation says, and that nothing of a result gets into its HTML unescaped. The browser's view: backlit/test. */
import { describe, expect, it } from "vitest";
import { metrics } from "../src/evaluate/metrics/index.ts";
import type { EvaluationResult } from "../src/evaluate/result.ts";
import { methodCards } from "../src/methods/cards.ts";
import { axisOf, placeOn } from "../src/render/svg/dot-whisker.ts";
import { placeLabels } from "../src/render/svg/line-labels.ts";
import { evaluationFigure } from "../src/report/evaluation/figure.ts";
import { evaluationPage } from "../src/report/evaluation/page.ts";
import { decimalsOf, fixed, listed, probability, settingViews } from "../src/report/evaluation/view.ts";
import { verdictOf } from "../src/report/evaluation/words.ts";
import { madeUpEvaluation, madeUpExamples } from "./support/evaluation.ts";

const verdict = (result: EvaluationResult) => verdictOf(result, settingViews(result));
const words = (result: EvaluationResult) => [verdict(result).headline, ...verdict(result).details].join(" ");

describe("the sentence", () => {
  it("names the winner, by how much and how surely", () => {
    const said = words(madeUpEvaluation({ methods: { alpha: 0.4, beta: 0.2, gamma: 0.1 } }));
    expect(said).toMatch(
      /^alpha \(0\.\d{3}\) beats all 2 other methods on srg \(imputer zero\); the next, beta, by 0\.[12]\d\d \[0\.\d{3}, 0\.\d{3}\], Holm-corrected p\u00a0/,
    );
    expect(said).toContain("Every method is better than random maps.");
    expect(said).toContain("alpha has the best mean in both other settings, too.");
  });
  it("two that cannot be told apart lead together", () => {
    const said = words(madeUpEvaluation({ methods: { alpha: 0.4, beta: 0.399, gamma: 0.1 } }));
    expect(said).toMatch(
      /^(alpha|beta) \(0\.\d+\) and (alpha|beta) \(0\.\d+\) lead on srg \(imputer zero\) and cannot be told apart; (alpha|beta) is ahead of the other method\./,
    );
  });
  it("nobody wins, nobody beats chance, too few samples", () => {
    expect(words(madeUpEvaluation({ methods: { alpha: 0.4, beta: 0.4 } }))).toMatch(
      /^No method wins on srg \(imputer zero\): the best mean, 0\.\d+ of (alpha|beta), cannot be told from that of/,
    );
    expect(words(madeUpEvaluation({ methods: { alpha: 0, beta: 0 } }))).toMatch(/^No method beats random maps on srg/);
    expect(words(madeUpEvaluation({ samples: 12 }))).toMatch(/^Not enough to rank: 12 samples\./);
    expect(words(madeUpEvaluation({ methods: {} }))).toBe("Only random maps were evaluated.");
  });
  it("says who is at the floor, and where another is first", () => {
    const result = madeUpEvaluation({ methods: { alpha: 0.4, beta: 0.2, gamma: 0 } });
    expect(words(result)).toContain("Not better than random maps: gamma.");
    const [first, ...rest] = result.summary.tables;
    const swap = (name: string) => ({ alpha: "beta", beta: "alpha" })[name] ?? name;
    const other = rest.map((table) => ({ ...table, methods: table.methods.map((of) => ({ ...of, method: swap(of.method) })) }));
    const turned = { ...result, summary: { ...result.summary, tables: [first!, ...other] } };
    expect(words(turned)).toContain(
      "In none of the 2 other settings alpha has the best mean; elsewhere it is beta on srg, imputer blur and beta on aopc.",
    );
  });
  it("a lower score wins where lower is better", () => {
    const result = madeUpEvaluation({ methods: { alpha: 0.4, beta: 0.1 } });
    const [primary] = settingViews(result);
    const mif = primary!.tables.find(({ table }) => table.score === "auc_mif")!;
    const { headline } = verdictOf(result, [{ ...primary!, tables: [mif] }]);
    expect(headline).toMatch(/^alpha \(0\.\d+\) beats beta on srg \(imputer zero\) by 0\.\d+ \[0\./);
  });
});

describe("the page", () => {
  it("escapes whatever the result holds", () => {
    const nasty = `<img src=x onerror="1">&'`;
    const result = madeUpEvaluation({ methods: { [nasty]: 0.3, [`${nasty}2`]: 0.1 } });
    const page = evaluationPage(
      { ...result, model: { ...result.model, name: nasty }, data: { ...result.data, name: nasty }, notices: [nasty] },
      { examples: madeUpExamples([nasty]), command: nasty, describe: () => nasty, methodCards },
    );
    expect(page).not.toContain("<img src=x");
    expect(page).toContain("&lt;img src=x onerror=&quot;1&quot;&gt;&amp;&#39;");
    expect(page).not.toMatch(/<script|@import|(src|href)="(https?:)?\/\//);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });
  it("shows every number it promises: mean, half width, interval, n, rank, difference, p, effect, floor", () => {
    const result = madeUpEvaluation({ methods: { alpha: 0.4, beta: 0.2 } });
    const page = evaluationPage(result, { metricCards: { srg: metrics.srg!.card } });
    const { methods, floor, pairs } = result.summary.tables[0]!;
    const beta = methods[1]!;
    const pair = pairs.find(({ a, b }) => a === "alpha" && b === "beta")!;
    const row = /<tr>\s*<th scope="row">beta<\/th>\s*<td class="plot">.*?<\/tr>/s.exec(page)![0];
    for (const text of [
      fixed(beta.mean, 3),
      fixed(beta.halfWidth, 3),
      `${fixed(beta.low, 3)} to ${fixed(beta.high, 3)}`,
      `<td>${beta.n}</td>`,
      `<td>${beta.rank}`,
      fixed(-pair.difference.mean, 3),
      probability(pair.pHolm).replace("<", "&lt;"),
      fixed(-pair.effect, 2),
    ])
      expect(row).toContain(text);
    expect(page).toContain(`random maps lies, ${fixed(floor!.low, 3)} to ${fixed(floor!.high, 3)}`);
    expect(page).toContain(metrics.srg!.card.criticism.slice(0, 40));
  });
  it("shows recipes whole: what stands in a fold is the recipe's JSON", () => {
    const result = madeUpEvaluation({ methods: { alpha: 0.4, beta: 0.2 } });
    const [, shown] = /aria-label="Recipe of alpha">(.*?)<\/pre>/s.exec(evaluationPage(result))!;
    expect(JSON.parse(shown!.replaceAll("&quot;", '"'))).toEqual(result.methods[0]!.recipe);
  });
  it("below 20 samples there is no rank and no difference", () => {
    const page = evaluationPage(madeUpEvaluation({ samples: 12 }));
    expect(page).toContain("Not enough to rank");
    expect(page).not.toMatch(/less the best|Holm <i>p|>rank</);
  });
  it("bears undefined scores and metrics without direction", () => {
    const made = madeUpEvaluation({ methods: { alpha: 0.4, beta: 0.2 } });
    const tables = made.summary.tables.map((table) => ({
      ...table,
      pairs: [],
      methods: table.methods.map(({ rank: _, rankLow: __, rankHigh: ___, ...method }, m) =>
        m === 0
          ? { ...method, n: 0, mean: Number.NaN, low: Number.NaN, high: Number.NaN, median: Number.NaN, halfWidth: Number.NaN }
          : method,
      ),
    }));
    const result = {
      ...made,
      tables: made.tables.map(({ direction: _, ...table }) => table),
      summary: { ...made.summary, tables, agreement: [] },
    };
    expect(words(result)).toMatch(/^Nothing is ranked/);
    expect(evaluationPage(result)).not.toMatch(/NaN|undefined/);
    expect(evaluationFigure(result)).not.toMatch(/NaN|undefined/);
    // As it comes back from a file.
    expect(evaluationPage(JSON.parse(JSON.stringify(result)))).not.toMatch(/NaN|undefined|>null</);
  });
});

describe("the figure", () => {
  it("a panel each for zero and blur, all methods, dots at their means on one axis", () => {
    const result = madeUpEvaluation({ methods: { alpha: 0.4, beta: 0.2 } });
    const svg = evaluationFigure(result);
    expect(svg).toMatch(
      /^<svg [^>]*role="img" aria-label="srg of efficientnet-lite0, 81 samples; higher is better; srg, imputer zero: alpha 0\.\d+, beta/,
    );
    for (const text of ["imputer zero", "imputer blur", "alpha", "beta", "random maps"]) expect(svg).toContain(`>${text}<`);
    const dots = Array.from(
      svg.matchAll(/<circle class="ev-(mark|random)" cx="([\d.]+)"/g),
      ([, kind, x]) => [kind, Number(x)] as const,
    );
    expect(dots.map(([kind]) => kind)).toEqual(["mark", "mark", "random", "mark", "mark", "random"]);
    const means = result.summary.tables[0]!.methods.map(({ mean }) => mean);
    const slope = (dots[0]![1] - dots[1]![1]) / (means[0]! - means[1]!);
    expect((dots[1]![1] - dots[2]![1]) / (means[1]! - means[2]!)).toBeCloseTo(slope, -1);
  });
  it("takes another metric where there is no srg, and none where there is nothing", () => {
    const aopc = madeUpEvaluation({ settings: [{ metric: "aopc", params: {} }] });
    expect(evaluationFigure(aopc)).toContain(">aopc<");
    expect(evaluationFigure({ ...aopc, summary: { ...aopc.summary, tables: [] } })).toBe("");
  });
});

describe("parts", () => {
  it("numbers as people read them", () => {
    expect([decimalsOf([0.402, 0.01]), decimalsOf([12.3]), decimalsOf([4567]), decimalsOf([])]).toEqual([3, 1, 0, 3]);
    expect([fixed(-0.0001, 3), fixed(-0.4, 2), fixed(null, 2), fixed(3e9, 0)]).toEqual(["0.000", "−0.40", "–", "3.00e+9"]);
    expect([probability(0.0004), probability(0.021), probability(0.5)]).toEqual(["< 0.001", "0.021", "0.50"]);
    expect([listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])]).toEqual(["a", "a and b", "a, b and c"]);
  });
  it("an axis holds zero and all its numbers", () => {
    const axis = axisOf([0.2, 0.5], 10, 110);
    expect(placeOn(axis, 0)).toBe(10);
    expect(placeOn(axis, 0.5)).toBeLessThan(110);
    expect(placeOn(axis, 99)).toBe(110);
    expect(placeOn(axisOf([Number.NaN], 0, 1), 0)).toBe(0);
  });
  it("names stand beside their own line; lines that coincide get none or one", () => {
    const line = (name: string, y: (x: number) => number) => ({
      name,
      tone: 0,
      points: Array.from({ length: 11 }, (_, i) => [46 + 25 * i, y(i)] as const),
    });
    const box = { left: 46, right: 298, top: 10, bottom: 172 };
    const [high, low] = placeLabels([line("high", (i) => 30 + 3 * i), line("low", (i) => 100 + 3 * i)], box);
    expect(high!.y).toBeLessThan(low!.y);
    expect(placeLabels([line("a", (i) => 30 + 10 * i), line("b", (i) => 30 + 10 * i)], box)).toEqual([]);
  });
});
