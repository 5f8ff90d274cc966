/** Many rows of a table, command by command: charts over them, files of all values, the report, cells that hold nothing. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { readNpy } from "@backlit/core";
import { chromium } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { at, backlit, root } from "./cli.ts";

const trees = root("packages/backlit/test/data/trees");
const expected: { readonly rows: readonly number[][]; readonly background: readonly number[][] } = JSON.parse(
  readFileSync(`${trees}/expected.json`, "utf8"),
);
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const [MODEL, ROWS, HOLES] = [`${trees}/boosting-two.onnx`, at("rows.csv"), at("holes.csv")];
const COLUMNS = ["age", "income", "a rather long name of a column", "debt", "years"];
const given = Array.from({ length: 10 }, (_, n) => [...expected.rows, ...expected.background][n % 10]!);

beforeAll(() => {
  writeFileSync(ROWS, `${[COLUMNS, ...given].map((row) => row.join(",")).join("\n")}\n`);
  writeFileSync(HOLES, `${["a,b,colour,size", ",1.5,red,s", "0.5,,blue,m", "0.5,1.5,blue,m"].join("\n")}\n`);
});

const explained = async (...more: string[]) => {
  const ran = await backlit("explain", MODEL, ROWS, "--target", "1", ...more);
  expect(ran.err).not.toMatch(/^backlit:/m);
  expect(ran.code).toBe(0);
  return ran;
};

test("charts over ten rows, a file each", async () => {
  await explained("--charts", at("out.svg"));
  for (const name of ["mean", "beeswarm", "rows", "paths", "dependence-1", "waterfall", "path"]) {
    const svg = readFileSync(at(`out-${name}.svg`), "utf8");
    expect(svg).toMatch(/^<svg [\s\S]*<\/svg>\s*$/);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  }
  expect(readFileSync(at("out-beeswarm.svg"), "utf8").match(/<circle/g)).toHaveLength(50);
});

describe("all values as a file", () => {
  const relevances = async () => {
    await explained("--relevance", at("values.npy"));
    const { data } = readNpy(readFileSync(at("values.npy")));
    return Array.from({ length: 10 }, (_, n) => Array.from(data.slice(5 * n, 5 * n + 5), Number));
  };
  test("CSV: a line for each row and column, with what the row has and its relevance to the last digit", async () => {
    await explained("--values", at("values.csv"));
    const [head, ...lines] = readFileSync(at("values.csv"), "utf8").trim().split("\n");
    expect(head).toBe("row,explained,column,value,relevance");
    expect(lines).toHaveLength(50);
    const want = await relevances();
    for (const [k, line] of lines.entries()) {
      const [row, title, column, value, relevance] = line.split(",");
      const [n, c] = [Math.floor(k / 5), k % 5];
      expect([row, title, column]).toEqual([String(n), "class 1", COLUMNS[c]]);
      expect(Math.fround(Number(value))).toBe(Math.fround(given[n]![c]!));
      expect(Number(relevance)).toBeCloseTo(want[n]![c]!, 6);
    }
  });
  test("Parquet: the same", async () => {
    await explained("--values", at("values.parquet"));
    const { parquetReadObjects } = await import("hyparquet");
    const bytes = readFileSync(at("values.parquet"));
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(50);
    expect(rows[7]).toMatchObject({ row: 1, explained: "class 1", column: COLUMNS[2] });
  });
  test.each([
    ["--charts", "out.png", /ends in \.svg/],
    ["--values", "out.json", /ends in \.csv or \.parquet/],
  ])("%s %s is refused", async (option, name, words) => {
    const { code, err } = await backlit("explain", MODEL, ROWS, option, at(name));
    expect(code).toBe(2);
    expect(err).toMatch(words);
  });
});

test("of many rows the first are shown one by one, and words say how many are left out", async () => {
  const many = Array.from({ length: 23 }, (_, n) => given[n % 10]!);
  writeFileSync(at("many.csv"), `${[COLUMNS, ...many].map((row) => row.join(",")).join("\n")}\n`);
  const run = async (...more: string[]) =>
    (await backlit("explain", MODEL, at("many.csv"), "--target", "1", "--report", at("many.html"), ...more)).out;
  const sections = () => readFileSync(at("many.html"), "utf8").match(/<h2>[^<]*, row \d+/g)?.length;
  expect(await run("--heatmap", at("many.svg"))).toMatch(/^20 of 23 rows are shown one by one, 3 are left out/m);
  expect(sections()).toBe(20);
  expect([existsSync(at("many-20.svg")), existsSync(at("many-21.svg"))]).toEqual([true, false]);
  expect(readFileSync(at("many.html"), "utf8")).toMatch(/<h2>23 rows[\s\S]*3 are left out/);
  expect(await run("--rows", "23")).not.toContain("left out");
  expect(sections()).toBe(23);
});

test.skipIf(executablePath === undefined && !process.env.CI)("the report fits wide and narrow pages, opened", async () => {
  await explained("--report", at("page.html"));
  const CHARTS = readFileSync(at("page.html"), "utf8").match(/class="chart small"/g)!.length;
  expect(CHARTS).toBeGreaterThan(8);
  const browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
    for (const width of [1280, 390]) {
      const page = await browser.newPage({ viewport: { width, height: 900 } });
      await page.setContent(readFileSync(at("page.html"), "utf8"), { waitUntil: "load" });
      await page.evaluate(`document.querySelectorAll("details").forEach((one) => (one.open = true))`);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
      // Every chart in one of its widths: nothing is moved to and fro, letters of 14 px stay above 10.
      const [charts, least] = (await page.evaluate(
        `(() => { const seen = [...document.querySelectorAll("figure svg")].filter((one) => one.getBoundingClientRect().width > 0);
          return [seen.length, Math.min(...seen.map((one) => one.getBoundingClientRect().width / one.getAttribute("width")))]; })()`,
      )) as readonly [number, number];
      expect(charts).toBe(CHARTS);
      expect(14 * least).toBeGreaterThan(10);
      expect(
        await page.evaluate(`[...document.querySelectorAll(".scrolling")].some((one) => one.scrollWidth > one.clientWidth + 1)`),
      ).toBe(false);
      expect(
        await page.evaluate(
          `[...document.querySelectorAll("caption")].filter((one) => one.parentElement.rows.length === 0).length`,
        ),
      ).toBe(0);
      await page.evaluate(axe);
      const found = await page.evaluate(
        `axe.run().then(({ violations }) => violations.filter(({ impact }) => /serious|critical/.test(impact)).map(({ id }) => id))`,
      );
      expect(found).toEqual([]);
      await page.close();
    }
  } finally {
    await browser.close();
  }
});

describe("cells that hold nothing", () => {
  test("go to a model with imputers as NaN, with a notice", async () => {
    const { code, out, err } = await backlit("explain", `${trees}/columns.onnx`, HOLES, "--json");
    expect(err).not.toMatch(/^backlit:/m);
    expect(code).toBe(0);
    const { notices, inputs } = JSON.parse(out);
    expect(notices.join("\n")).toMatch(/holes\.csv, column a: 1 of 3 values are missing: the model gets NaN/);
    expect(inputs).toHaveLength(3);
    for (const { completeness, arrived } of inputs) expect(arrived).toBeCloseTo(completeness.difference, 5);
  });
});

describe("what neither slope nor sum of trees explains", () => {
  const folder = root("packages/backlit/test/data/scikit-learn");
  beforeAll(() => writeFileSync(at("iris.csv"), "a,b,c,d\n4.6,3.1,1.5,0.2\n6.5,3.0,5.2,2.0\n"));
  test.each(["voting", "votes", "stacking", "isotonic", "platt", "neighbours"])(
    "%s is refused with what works, and that works",
    async (name) => {
      const refused = await backlit("explain", `${folder}/${name}.onnx`, at("iris.csv"));
      expect(refused.code).toBe(1);
      expect(refused.err).toMatch(/take --method shapley or kernel-shap, which only ask the model/);
      const { code, out } = await backlit("explain", `${folder}/${name}.onnx`, at("iris.csv"), "--method", "shapley", "--json");
      expect(code).toBe(0);
      const { inputs } = JSON.parse(out);
      expect(inputs).toHaveLength(2);
      // A vote that the baseline gets too leaves nothing to tell apart: 0 is an answer.
      for (const { features } of inputs)
        expect(features.map(({ relevance }: { relevance: number }) => Number.isFinite(relevance))).toEqual([
          true,
          true,
          true,
          true,
        ]);
    },
  );
});
