/** backlit evaluate and compare, end to end on bundled models and a few samples. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  depreprocess,
  type EvaluationResult,
  encodeModelBytes,
  parseModel,
  type RunComparison,
  readNpy,
  writeNpz,
} from "@backlit/core";
import { readCsv } from "@backlit/workbench";
import { parquetReadObjects } from "hyparquet";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { main } from "../src/main.ts";
import { at, backlit, ioOf, root } from "./cli.ts";
import { lite0Preprocessor, photo } from "./support.ts";

const { data: pixels } = readNpy(readFileSync(root("data/digits/images.npy"))) as { data: Uint8Array };
const labels = readNpy(readFileSync(root("data/digits/labels.npy")));
const digits = (count: number): string => {
  const file = at(`digits-${count}.npz`);
  const images = { type: "uint8", dims: [count, 28, 28], data: pixels.slice(0, count * 784) } as const;
  const own = { ...labels, dims: [count], data: labels.data.slice(0, count) } as typeof labels;
  writeFileSync(
    file,
    writeNpz(
      new Map([
        ["images", images],
        ["labels", own],
      ]),
    ),
  );
  return file;
};
const few = digits(6);
/** Notices on stderr stand in the document, too. */
const json = async (...argv: string[]): Promise<EvaluationResult> => {
  const { code, out, err } = await backlit(...argv, "--json");
  expect(err.replace(/^(note: .*|[\d,]+ of .*)\n/gm, "")).toBe("");
  expect(code).toBe(0);
  const { notices, ...result } = JSON.parse(out);
  expect(notices.map((notice: string) => `note: ${notice}`)).toEqual(err.match(/^note: .*$/gm) ?? []);
  return result;
};
const cached = (folder: string): string[] =>
  readdirSync(folder).flatMap((part) => readdirSync(join(folder, part)).map((file) => join(folder, part, file)));

describe("evaluate", () => {
  test("judges the usual methods by SRG under two imputers, random maps beside them", async () => {
    const result = await json("evaluate", "digits", few);
    expect(result.methods.map(({ name }) => name)).toEqual([
      ...["auto", "epsilon-plus-flat", "gradient", "integrated-gradients"],
      ...["random", "random", "random"],
    ]);
    expect(result.settings.map(({ metric, params }) => [metric, params.imputer, params.unit, params.score])).toEqual([
      ["srg", "zero", "auto", "probability"],
      ["srg", "blur", "auto", "probability"],
    ]);
    expect(result.samples.map(({ name, label }) => [name, label])).toEqual(
      Array.from({ length: 6 }, (_, n) => [`sample ${n}`, String(Number(labels.data[n]))]),
    );
    const srg = result.tables.find(({ setting, score }) => setting === 0 && score === "srg")!;
    const mean = (m: number) => (srg.values[m] as number[]).reduce((a, b) => a + b, 0) / 6;
    // A map that knows something beats one that knows nothing, far and wide.
    for (const m of [0, 1, 2, 3]) expect(mean(m)).toBeGreaterThan(0.3);
    for (const m of [4, 5, 6]) expect(Math.abs(mean(m))).toBeLessThan(0.25);
    expect(result.data).toMatchObject({ name: "digits-6.npz", count: 6 });
  });

  test("metrics × units × imputers × scores, each metric by what it has", async () => {
    const { settings, methods } = await json(
      ...["evaluate", "digits-mlp", few, "--limit", "2", "--methods", "auto,integrated-gradients:steps=4,random"],
      ...["--metrics", "srg,complexity", "--unit", "grid:7|grid:14", "--imputer", "mean", "--score", "probability,logit"],
      ...["--set", "srg.steps=0,2,4", "--set", "srg.random-orders=1"],
    );
    expect(settings.map(({ metric, params }) => [metric, params.unit, params.score, params.steps])).toEqual([
      ["srg", "grid:7", "probability", "0,2,4"],
      ["srg", "grid:7", "logit", "0,2,4"],
      ["srg", "grid:14", "probability", "0,2,4"],
      ["srg", "grid:14", "logit", "0,2,4"],
      ["complexity", undefined, undefined, undefined],
    ]);
    expect(methods[1]).toMatchObject({ name: "integrated-gradients:steps=4", recipe: { params: { steps: 4 } } });
  });

  test("metrics that are defined by their imputer keep it, unless another is asked for", async () => {
    const argv = ["evaluate", "digits-mlp", few, "--limit", "1", "--methods", "auto", "--metrics", "srg,road,irof"];
    const used = async (...more: string[]) =>
      (await json(...argv, ...more)).settings.map(({ metric, params }) => `${metric} ${params.imputer}`);
    expect(await used()).toEqual(["srg zero", "srg blur", "road road", "irof mean"]);
    expect(await used("--imputer", "zero")).toEqual(["srg zero", "road zero", "irof zero"]);
  });

  test("recipes from files, and the label's class", async () => {
    writeFileSync(at("mine.json"), JSON.stringify({ composite: "epsilon", seed: "logit" }));
    const { methods, samples } = await json(
      "evaluate",
      "digits",
      few,
      "--limit",
      "2",
      "--methods",
      at("mine.json"),
      "--target",
      "label",
    );
    expect(methods[0]).toMatchObject({ name: "mine", recipe: { composite: "epsilon", seed: "logit" } });
    expect(samples.map(({ target }) => target)).toEqual([0, 1].map((n) => [Number(labels.data[n])]));
  });

  test("tells a person: both imputers, halves and gains, the floor, and that six are not enough", async () => {
    const { code, out, err } = await backlit("evaluate", "digits-mlp", few, "--methods", "auto,gradient");
    expect([code, err.replace(/^note: .*\n/gm, "")]).toEqual([0, ""]);
    expect(out).toMatch(/^digits-mlp on digits-6\.npz: 6 samples; random maps drawn 3 times; ± is half of the 95 % interval\n/);
    expect(out).toMatch(/^not enough to rank: below 20 samples$/m);
    for (const imputer of ["zero", "blur"])
      expect(out).toMatch(
        new RegExp(
          `^srg by probability, unit auto, imputer ${imputer}: higher is better\\n {2}method +srg +± +mrg +lrg +auc_random +n`,
          "m",
        ),
      );
    expect(out).toMatch(/^ {2}auto( +-?\d\.\d{3}){5} +6$/m);
    expect(out).toMatch(/^ {2}noise floor -?\d\.\d{3} to \d\.\d{3}/m);
  });

  test("ranks twenty", async () => {
    const { out } = await backlit("evaluate", "digits-mlp", digits(20), "--methods", "auto", "--imputer", "zero");
    expect(out).toMatch(/^ {2}auto .* 20 +1$/m);
    expect(out).toMatch(/^ {2}random .* 20 +2$/m);
  });

  test("a table of features", async () => {
    const net = parseModel("net (float[N,3] x) => (float[N,2] y) <float[3,2] w = {2,0,1,0,0,0}> { y = MatMul(x, w) }");
    mkdirSync(at("net"));
    writeFileSync(at("net/model.onnx"), encodeModelBytes(net));
    const rows = Array.from({ length: 8 }, (_, i) => `${1 + i},${2 + i},9,${i % 2}`);
    writeFileSync(at("rows.csv"), `a,b,c,kind\n${rows.join("\n")}\n`);
    const { tables, settings, samples } = await json(
      ...["evaluate", at("net"), at("rows.csv"), "--label", "kind", "--methods", "gradient-x-input", "--score", "logit"],
      ...["--imputer", "zero"],
    );
    expect(settings.map(({ params }) => params.imputer)).toEqual(["zero"]);
    expect(samples.map(({ label }) => label)).toEqual(["0", "1", "0", "1", "0", "1", "0", "1"]);
    // Under zero. Parts 2a, b and 0: areas over thirds, the largest first and last.
    tables[0]!.values[0]!.forEach((value, i) => {
      const [large, small] = [2 * (1 + i), 2 + i].sort((a, b) => b - a) as [number, number];
      const area = (parts: readonly number[]) => {
        let [left, sum] = [large + small, 0];
        for (const part of parts) {
          sum += (left + left - part) / 6;
          left -= part;
        }
        return sum;
      };
      expect(value).toBeCloseTo(area([0, small, large]) - area([large, small, 0]), 5);
    });
  });
});

describe("what is kept and written", () => {
  test("files say what stdout says; a stopped run goes on; damage is mended; workers do not matter", async () => {
    const argv = ["evaluate", "digits-mlp", digits(130), "--methods", "auto,gradient", "--set", "srg.steps=log:4"];
    const whole = await json(...argv, "--workers", "1");
    expect(await json(...argv, "--workers", "2")).toEqual(whole);

    const out = at("run");
    const cache = join(out, ".cache");
    let stop = () => {};
    const onInterrupt = (then: () => void) => {
      stop = then;
      return () => {};
    };
    const io = { ...ioOf([], []), onInterrupt };
    const stopped = main([...argv, "--out", out], io);
    const finished = () => (existsSync(cache) ? cached(cache).filter((file) => file.endsWith(".json")) : []);
    while (finished().length < 4) await new Promise(setImmediate); // a turn of the event loop
    stop();
    expect(await stopped).toBe(130);
    // All workers have ended by then: nothing more is written.
    const before = finished();
    const units = 3 * 5 * 2;
    expect(before.length).toBeLessThan(units);
    expect(readdirSync(out)).toEqual([".cache"]);
    const times = before.map((file) => statSync(file).mtimeMs);
    expect(await json(...argv, "--out", out)).toEqual(whole);
    expect(before.map((file) => statSync(file).mtimeMs)).toEqual(times);
    expect(cached(cache)).toHaveLength(units + 1); // and the pictures

    expect(readdirSync(out).sort()).toEqual([".cache", "report.html", "result.json", "scores.csv", "scores.parquet"]);
    // The file keeps what belongs to the result; stdout also has what was said on the way.
    const { notices: _, ...kept } = JSON.parse(readFileSync(join(out, "result.json"), "utf8"));
    expect(kept).toEqual(whole);
    const html = readFileSync(join(out, "report.html"), "utf8");
    expect(html.match(/data:image\/png/g)!.length).toBeGreaterThanOrEqual(3 * (1 + 3 * 6));

    const { header, rows } = await readCsv(readFileSync(join(out, "scores.csv"), "utf8"), "scores.csv");
    expect(header).toEqual(["metric", "unit", "imputer", "score_kind", "score", "method", "draw", "sample", "value"]);
    expect(rows).toHaveLength(whole.tables.length * 5 * 130);
    const bytes = readFileSync(join(out, "scores.parquet"));
    const objects = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
    });
    expect(objects).toHaveLength(rows.length);
    const picked = [0, 131, 3 * 130 + 7, rows.length - 1];
    for (const at of picked)
      expect(Object.values(objects[at]!).map((value) => (value === null ? "" : String(value)))).toEqual(rows[at]);
    const [table] = whole.tables;
    expect(Number(rows[131]![8])).toBe(table!.values[1]![1]);
    expect(rows[131]!.slice(5, 8)).toEqual(["gradient", "", "sample 1"]);
    expect(rows[3 * 130 + 7]!.slice(5, 8)).toEqual(["random", "1", "sample 7"]);

    truncateSync(before[0]!, 100);
    const text = readFileSync(before[1]!, "utf8");
    writeFileSync(
      before[1]!,
      text.replace(/"scores":\{"srg":\[-?\d/, (found) => `${found}9`),
    );
    const untouched = statSync(before[2]!).mtimeMs;
    expect(await json(...argv, "--out", out)).toEqual(whole);
    expect(readFileSync(before[1]!, "utf8")).toBe(text);
    expect(statSync(before[0]!).size).toBeGreaterThan(100);
    expect(statSync(before[2]!).mtimeMs).toBe(untouched);
  });

  test("two runs, two methods of one run, two recipes are compared", async () => {
    const data = digits(24);
    const run = (out: string, seed: string) =>
      backlit(
        "evaluate",
        "digits-mlp",
        data,
        "--methods",
        "auto,gradient",
        "--imputer",
        "zero",
        "--out",
        at(out),
        "--seed-rng",
        seed,
      );
    expect((await run("a", "0")).code).toBe(0);
    expect((await run("b", "1")).code).toBe(0);
    const { code, out } = await backlit("compare", at("a"), join(at("b"), "result.json"));
    expect(code).toBe(0);
    expect(out).toMatch(/^compared on 24 samples\ndiffering: seed 0 \/ 1\n/m);
    expect(out).toMatch(/^ {2}auto +\d\.\d{3} +\d\.\d{3} +0\.000 +0\.000 to 0\.000 +1\.000 +(0\.00|–) +50 % +24$/m);
    const one: RunComparison = JSON.parse(
      (await backlit("compare", at("a"), at("a"), "--methods", "auto=gradient", "--json")).out,
    );
    const recipes = await backlit("compare", "digits-mlp", data, "--recipes", "auto,gradient", "--imputer", "zero", "--json");
    const other: RunComparison = JSON.parse(recipes.out);
    expect(other.tables).toEqual(one.tables);
    expect(one.tables[0]!.methods[0]).toMatchObject({ a: "auto", b: "gradient", n: 24 });
  });
});

test("the report shows photographs as the model sees them", async () => {
  mkdirSync(at("photos"));
  copyFileSync(root("data/photos/cat.jpg"), at("photos/cat.jpg"));
  const { code } = await backlit(
    ...["evaluate", "efficientnet-lite0", at("photos"), "--methods", "gradient", "--imputer", "zero", "--unit", "grid:112"],
    ...["--set", "srg.steps=0,1", "--set", "srg.random-orders=1", "--report", at("photos.html"), "--quiet"],
  );
  expect(code).toBe(0);
  const uris = readFileSync(at("photos.html"), "utf8").match(/data:image\/webp;base64,[^"]+/g)!;
  const seen = depreprocess(await photo("cat.jpg"), lite0Preprocessor());
  const shown = await sharp(Buffer.from(uris[0]!.split(",")[1]!, "base64"))
    .removeAlpha()
    .raw()
    .toBuffer();
  expect(shown.length).toBe(seen.data.length);
  const apart = seen.data.reduce((sum, value, i) => sum + Math.abs(value - shown[i]!), 0) / shown.length;
  expect(apart).toBeLessThan(6);
});

describe("what goes wrong is one line that says what to do", () => {
  mkdirSync(at("files"));
  writeFileSync(at("files/other.json"), '{"version": 1}');
  test.each<[string, 1 | 2, string[], RegExp]>([
    ["an unknown metric", 2, ["evaluate", "digits", few, "--metrics", "srgg"], /unknown metric 'srgg': did you mean 'srg'\?/],
    [
      "an unknown method",
      2,
      ["evaluate", "digits", few, "--methods", "auto,gradients"],
      /unknown method 'gradients'.*'gradient'/,
    ],
    ["an unknown unit", 2, ["evaluate", "digits", few, "--unit", "gird:4"], /unknown unit 'gird': did you mean 'grid'\?/],
    ["a unit without its number", 2, ["evaluate", "digits", few, "--unit", "grid"], /'grid'.*grid:K/],
    [
      "an unknown imputer",
      2,
      ["evaluate", "digits", few, "--imputer", "zeros"],
      /unknown imputer 'zeros': did you mean 'zero'\?/,
    ],
    ["an imputer's parameter", 2, ["evaluate", "digits", few, "--imputer", "constant:x"], /constant:x|constant/],
    ["an unknown score", 2, ["evaluate", "digits", few, "--score", "loss"], /score of 'srg' cannot be "loss": it is one of prob/],
    [
      "a parameter of no metric",
      2,
      ["evaluate", "digits", few, "--set", "aopc.steps=3"],
      /write METRIC\.key=value, METRIC one of srg/,
    ],
    ["a parameter it has not", 2, ["evaluate", "digits", few, "--set", "srg.step=3"], /metric 'srg' has no parameter 'step'/],
    ["a method's parameter", 2, ["evaluate", "digits", few, "--methods", "gradient:steps"], /write NAME:key=value/],
    [
      "a method's parameter out of range",
      2,
      ["evaluate", "digits", few, "--methods", "integrated-gradients:steps=0"],
      /steps.*method integrated-gradients:steps=0|integrated-gradients/,
    ],
    [
      "a method that needs what the model lacks",
      1,
      ["evaluate", "digits-mlp", few, "--methods", "grad-cam"],
      /\(method grad-cam\)/,
    ],
    [
      "masks that are not there",
      2,
      ["evaluate", "digits", few, "--metrics", "localisation"],
      /metric localisation needs to know where the object is/,
    ],
    ["a limit of nothing", 2, ["evaluate", "digits", few, "--limit", "0"], /--limit 0: give a whole number from 1/],
    ["no data", 1, ["evaluate", "digits", at("none.npz")], /no such data/],
    ["no model", 1, ["evaluate", at("none.onnx"), few], /no such model/],
    [
      "a recipe that is not there",
      1,
      ["evaluate", "digits", few, "--methods", at("none.json")],
      /cannot read the recipe .*none\.json/,
    ],
    ["an output in no folder", 1, ["evaluate", "digits", few, "--out", at("no/where")], /no such folder \(.*no\)/],
    ["an output that is a file", 2, ["evaluate", "digits", few, "--out", few], /the output is no folder/],
    ["a comparison with nothing", 1, ["compare", at("files"), at("files")], /no result of an evaluation \(.*result\.json\)/],
    [
      "a comparison with another document",
      1,
      ["compare", at("files/other.json"), at("files/other.json")],
      /it is another document/,
    ],
    ["one recipe", 2, ["compare", "digits", few, "--recipes", "auto"], /--recipes auto: give two/],
    ["an unknown metric's card", 2, ["metrics", "srgs"], /unknown metric 'srgs': did you mean 'srg'\?/],
  ])("%s", async (_, code, argv, message) => {
    const ran = await backlit(...argv);
    expect(ran.err).toMatch(message);
    expect(ran.err).toMatch(/^backlit: [^\n]+\n$/);
    expect(ran).toMatchObject({ code, out: "" });
  });
});

test("metrics lists the cards, or says all of one", async () => {
  const list = await backlit("metrics");
  expect(list.out).toMatch(/^perturbation: .*\n(.*\n)*srg +area between/m);
  expect(list.out).toMatch(/^blur.* +the sample under a Gaussian blur/m);
  const one = await backlit("metrics", "srg");
  expect(one.out).toMatch(/ {2}--set srg\.steps=log:15\n/);
  const { metrics, imputers } = JSON.parse((await backlit("metrics", "--json")).out);
  expect(metrics[0].name).toBe("srg");
  expect(imputers.length).toBeGreaterThan(3);
});
