/** Moved columns, from the command to the files: partial dependence and permutation importance are scikit-learn's, accumulated effects PyALE's (data/effects/make.py). */
import { readFileSync, writeFileSync } from "node:fs";
import { load, partialDependence, permutationImportance, type Scorer, scorers, type Tensor } from "@backlit/core";
import type { DependenceResult, ImportanceResult } from "@backlit/workbench";
import { beforeAll, describe, expect, test } from "vitest";
import { nodeRuntime } from "../src/host/runtime/node.ts";
import { at, backlit, root } from "./cli.ts";

const folder = root("packages/backlit/test/data/effects");
const [CLASSES, ROWS, NUMBER, REGRESSION] = ["classes.onnx", "rows.csv", "number.onnx", "regression.csv"].map(
  (name) => `${folder}/${name}`,
) as [string, string, string, string];

interface Curve {
  readonly points: readonly (number | string)[];
  readonly mean: readonly (readonly number[])[];
  /** Of row 60. */
  readonly line: readonly (readonly number[])[];
}
interface Effects {
  readonly points: readonly (number | string)[];
  readonly effect: readonly (readonly number[])[];
  readonly counts: readonly number[];
}
interface Drops {
  readonly orders: readonly (readonly number[])[];
  readonly drops: readonly (readonly number[])[];
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}
const expected: {
  readonly dependence: Readonly<Record<string, Curve>>;
  readonly number: Readonly<Record<string, Curve>>;
  readonly effects: Readonly<Record<string, Effects>>;
  readonly importance: Readonly<Record<string, Drops>>;
  readonly "number-importance": Readonly<Record<string, Drops>>;
} = JSON.parse(readFileSync(`${folder}/expected.json`, "utf8"));

const near = (own: readonly number[], want: readonly number[], tolerance = 2e-6) => {
  expect(own).toHaveLength(want.length);
  const limit = Math.max(...want.map(Math.abs));
  for (const [k, value] of want.entries()) expect(Math.abs(own[k]! - value)).toBeLessThan(tolerance * limit);
};

const json = async <T>(...args: string[]): Promise<T> => {
  const { code, out, err } = await backlit(...args, "--json");
  expect(err).not.toMatch(/^backlit:/m);
  expect(code).toBe(0);
  return JSON.parse(out) as T;
};

describe("partial dependence", () => {
  test("of three classes over numbers, few numbers and texts is scikit-learn's, with the lines of single rows", async () => {
    const names = Object.keys(expected.dependence);
    const asked = names.flatMap((name) => ["--column", name]);
    const { curves, outputs } = await json<DependenceResult>(
      ...["dependence", CLASSES, ROWS, ...asked, "--steps", "20", "--lines", "120"],
    );
    expect(outputs.map(({ of }) => of)).toEqual(["probability", "probability", "probability"]);
    for (const [i, name] of names.entries()) {
      const curve = curves[i]!;
      const want = expected.dependence[name]!;
      if (curve.kind !== "pdp") throw new Error("another kind");
      expect(curve.feature).toBe(name);
      if (typeof want.points[0] === "number") near(curve.at as number[], want.points as number[], 1e-6);
      else expect(curve.at).toEqual(want.points);
      for (const k of outputs.keys()) {
        near(curve.mean[k]!, want.mean[k]!);
        near(curve.lines[k]![60]!, want.line[k]!);
      }
    }
  });

  test("of a number, and the files", async () => {
    const [charts, values, report] = [at("income.svg"), at("income.parquet"), at("income.html")];
    const files = ["--charts", charts, "--values", values, "--report", report];
    const { curves, outputs } = await json<DependenceResult>(
      ...["dependence", NUMBER, REGRESSION, "--column", "income", "--steps", "20", ...files],
    );
    expect(outputs.map(({ of }) => of)).toEqual(["value"]);
    const [curve] = curves;
    if (curve?.kind !== "pdp") throw new Error("another kind");
    near(curve.mean[0]!, expected.number.income!.mean[0]!);
    const svg = readFileSync(charts, "utf8");
    expect(svg.match(/<circle/g)).toHaveLength(20);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    const page = readFileSync(report, "utf8");
    expect(page).toContain("<figure");
    // Drawn once more for a phone, where nothing is moved to and fro.
    expect([page.includes(`class="narrow"`), page.includes(`class="scrolling"`)]).toEqual([true, false]);
    const { parquetReadObjects } = await import("hyparquet");
    const bytes = readFileSync(values);
    const rows = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
    });
    expect(rows).toHaveLength(20 * 51);
    expect(rows[3]).toMatchObject({ column: "income", row: "all", value: curve.mean[0]![3] });
  });
});

test("accumulated local effects of numbers and of texts are PyALE's", async () => {
  const { curves } = await json<DependenceResult>("dependence", CLASSES, ROWS, "--kind", "ale", "--values", at("ale.csv"));
  expect(curves.map(({ feature }) => feature)).toEqual(["age", "income", "hours", "colour"]);
  for (const curve of curves) {
    if (curve.kind !== "ale") throw new Error("another kind");
    const want = expected.effects[curve.feature]!;
    // A line has two directions.
    const turned = curve.feature === "colour" && curve.at[0] !== want.points[0];
    const inOrder = <T>(list: readonly T[]) => (turned ? [...list].reverse() : list);
    if (curve.ordered) near(curve.at as number[], want.points as number[], 1e-6);
    else expect(inOrder(curve.at)).toEqual(want.points);
    expect(inOrder(curve.counts)).toEqual(want.counts);
    for (const [k, effect] of curve.effect.entries()) near(inOrder(effect), want.effect[k]!, 4e-6);
  }
  expect(readFileSync(at("ale.csv"), "utf8")).toMatch(/^explained,column,row,at,value\nclass 0,age,all,18/);
});

describe("permutation importance", () => {
  /** Asks the model itself, with the orders that scikit-learn drew. */
  const dealt = async (model: string, data: string, drops: Drops, scorer: Scorer) => {
    const [head, ...lines] = readFileSync(data, "utf8")
      .trim()
      .split("\n")
      .map((line) => line.split(","));
    const cells = lines.map((line) => line.slice(0, -1).map((cell) => (Number.isNaN(Number(cell)) ? cell : Number(cell))));
    await using lit = await load(new Uint8Array(readFileSync(model)), { runtime: await nodeRuntime() });
    const column = (rows: readonly (readonly (number | string)[])[], k: number): Tensor =>
      typeof rows[0]![k] === "string"
        ? { type: "string", dims: [rows.length, 1], data: rows.map((row) => String(row[k])) }
        : { type: "float32", dims: [rows.length, 1], data: Float32Array.from(rows, (row) => Number(row[k])) };
    return await permutationImportance(
      {
        table: cells,
        features: head!.slice(0, -1).map((name, k) => ({ name, columns: [k] })),
        right: lines.map((line) => Number(line.at(-1))),
        scorer,
        repeats: drops.orders.length,
        order: (_, repeat) => drops.orders[repeat]!,
      },
      async (columns, rows) => {
        const moved = rows.map(({ row, cells: own }) =>
          cells[row]!.map((cell, k) => (columns.includes(k) ? own[columns.indexOf(k)]! : cell)),
        );
        const x =
          scorer.of === "classes"
            ? Object.fromEntries(head!.slice(0, -1).map((name, k) => [name, column(moved, k)]))
            : ({ type: "float32", dims: [rows.length, 3], data: Float32Array.from(moved.flat(), Number) } as Tensor);
        const { data, dims } = await lit.predict(x, scorer.of === "classes" ? { output: "probabilities" } : {});
        const width = dims[1] ?? 1;
        return rows.map((_, n) => Array.from({ length: width }, (_, k) => Number(data[n * width + k])));
      },
    );
  };
  test.each([
    ["accuracy", CLASSES, ROWS, expected.importance],
    ["neg-log-loss", CLASSES, ROWS, expected.importance],
    ["roc-auc", CLASSES, ROWS, expected.importance],
    ["r2", NUMBER, REGRESSION, expected["number-importance"]],
    ["neg-mean-absolute-error", NUMBER, REGRESSION, expected["number-importance"]],
    ["neg-mean-squared-error", NUMBER, REGRESSION, expected["number-importance"]],
  ] as const)("%s by the same orders is scikit-learn's", async (name, model, data, by) => {
    const want = by[name]!;
    const { features } = await dealt(model, data, want, scorers.find((one) => one.name === name)!);
    for (const [f, { drops, mean, deviation }] of features.entries()) {
      near(drops, want.drops[f]!, 1e-5);
      near([mean, deviation], [want.mean[f]!, want.deviation[f]!], 1e-5);
    }
  });

  test("of the command: labels by a column, a group as one, the same twice, other orders by another seed", async () => {
    const asked = (seed: string) =>
      json<ImportanceResult>(
        "importance",
        CLASSES,
        ROWS,
        "--label",
        "label",
        "--group",
        "who=age,colour",
        "--repeats",
        "3",
        "--seed-rng",
        seed,
      );
    const one = await asked("1");
    expect(one.scorer).toBe("accuracy");
    expect(one.features.map(({ feature }) => feature)).toEqual(["who", "income", "hours"]);
    expect(one.features[0]!.mean).toBeGreaterThan(one.features[2]!.mean);
    expect(await asked("1")).toEqual(one);
    expect((await asked("2")).features).not.toEqual(one.features);
  });

  test("words and chart", async () => {
    const { code, out } = await backlit(
      "importance",
      NUMBER,
      REGRESSION,
      "--charts",
      at("importance.svg"),
      "--values",
      at("importance.csv"),
    );
    expect(code).toBe(0);
    expect(out).toMatch(/r2 0\.\d+ of 120 rows[\s\S]*income +\d/);
    expect(readFileSync(at("importance.svg"), "utf8")).toMatch(/r2 lost without the column/);
    expect(readFileSync(at("importance.csv"), "utf8").trim().split("\n")).toHaveLength(1 + 3 * 10);
  });
});

describe("what is refused", () => {
  beforeAll(() => {
    writeFileSync(at("wrong.csv"), "age,income,hours,colour,label\n50,20,3,red,0\n50,20,3,red,9\n");
    writeFileSync(at("unlabelled.csv"), "age,income,hours\n50,20,3\n");
  });
  test.each([
    [["dependence", CLASSES, ROWS, "--column", "agee"], /unknown column 'agee'.*age/],
    [["dependence", CLASSES, ROWS, "--group", "x=age,shoe"], /no column is called 'shoe'/],
    [["dependence", CLASSES, ROWS, "--target", "7"], /class 7.*the model has 3/],
    [["importance", CLASSES, ROWS, "--metric", "r2"], /unknown scorer 'r2'/],
    [["importance", NUMBER, at("unlabelled.csv")], /does not say what is right.*--label/],
    [["importance", CLASSES, at("wrong.csv")], /'9' is no class of the model.*row 1/],
    [["dependence", CLASSES, ROWS, "--charts", "out.png"], /ends in \.svg/],
  ])("%j", async (args, words) => {
    const { code, err } = await backlit(...args);
    expect(code).not.toBe(0);
    expect(err).toMatch(words);
  });
});

describe("closed forms", () => {
  const table = Array.from({ length: 40 }, (_, n) => [n % 10 === 9 ? Number.NaN : n % 10, n % 2, n % 2 === 0 ? 1 : 0]);
  const ask = async (
    columns: readonly number[],
    rows: readonly { readonly row: number; readonly cells: readonly (number | string)[] }[],
  ) =>
    rows.map(({ row, cells }) => {
      const [a, b, c] = table[row]!.map((cell, k) => (columns.includes(k) ? Number(cells[columns.indexOf(k)]) : cell)) as [
        number,
        number,
        number,
      ];
      return [(Number.isNaN(a) ? -5 : 2 * a) + 3 * b - c];
    });
  test("rows without a value have a point of their own", async () => {
    const { points, mean, missing } = await partialDependence(table, { name: "a", columns: [0] }, ask);
    expect(points.map(([cell]) => cell)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(mean[0]!.map((value, k) => value - 2 * k)).toEqual(points.map(() => expect.closeTo(1, 12)));
    expect(missing).toEqual({ rows: 4, mean: [expect.closeTo(-4, 12)] });
  });
  test("columns of a group are moved together: only what occurs is asked", async () => {
    const { points, mean } = await partialDependence(table, { name: "which", columns: [1, 2] }, ask);
    expect(points).toEqual([
      [0, 1],
      [1, 0],
    ]);
    expect(mean[0]![1]! - mean[0]![0]!).toBeCloseTo(4, 12);
  });
});
