/** Methods of many passes on the command line: run, set, seen at work, stopped. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { encodePng, fromPixels, readNpy, writeNpy } from "@backlit/core";
import { describeRows, rowProgress } from "@backlit/workbench";
import { describe, expect, test, vi } from "vitest";
import { load } from "../src/load.ts";
import { main } from "../src/main.ts";
import { voiceOf } from "../src/voice.ts";
import { at, backlit, ioOf, root, scratch } from "./cli.ts";

const images = readNpy(readFileSync(root("data/digits/images.npy"))).data as Uint8Array;
const rows = (n: number) => Float32Array.from(images.slice(0, n * 784), (v) => v / 255);
const digits = at("digits.npy");
const digit = at("digit.npy");
writeFileSync(digits, writeNpy({ type: "float32", dims: [3, 1, 28, 28], data: rows(3) }));
writeFileSync(digit, writeNpy({ type: "float32", dims: [1, 1, 28, 28], data: rows(1) }));

const json = async (...argv: string[]) => {
  const { code, out, err } = await backlit(...argv, "--json");
  expect(err.replace(/^note: .*\n/gm, "")).toBe("");
  expect(code).toBe(0);
  return JSON.parse(out);
};
const explain = (...argv: string[]) => json("explain", "digits", ...argv);
const numbers = (name: string) => readNpy(readFileSync(at(name))).data as Float32Array;

describe("explain", () => {
  test("integrated gradients add up to the difference of the scores", async () => {
    const { inputs, recipe } = await explain(digit, "--method", "integrated-gradients", "--set", "steps=64");
    const [{ top, arrived }] = inputs;
    await using lit = await load("digits");
    const { output } = await lit.explain({ type: "float32", dims: [1, 1, 28, 28], data: new Float32Array(784) });
    expect(arrived).toBeCloseTo(top[0].logit - (output.data as Float32Array)[top[0].index]!, 1);
    expect(recipe).toMatchObject({ method: "integrated-gradients", params: { steps: 64, baseline: "zero" } });
  });

  test("random numbers by seed, whatever the batch; the recipe replays", async () => {
    const noisy = [digits, "--method", "smoothgrad", "--set", "samples=6"];
    const first = await explain(...noisy, "--seed-rng", "7", "--batch", "1", "--relevance", at("a.npy"), "--spread", at("s.npy"));
    await explain(...noisy, "--seed-rng", "7", "--batch", "5", "--relevance", at("b.npy"));
    await explain(...noisy, "--relevance", at("c.npy"));
    const [a, b, c, s] = ["a.npy", "b.npy", "c.npy", "s.npy"].map(numbers);
    const most = Math.max(...a!.map(Math.abs));
    expect(a!.every((v, i) => Math.abs(v - b![i]!) < 1e-4 * most)).toBe(true);
    expect(a!.some((v, i) => Math.abs(v - c![i]!) > 0.05 * most)).toBe(true);
    expect(s!.length).toBe(a!.length);
    expect(s!.every((v) => v >= 0)).toBe(true);
    expect(first.inputs[1].spread.max).toBeGreaterThan(0);
    writeFileSync(at("noisy.json"), JSON.stringify(first.recipe));
    const again = await explain(digits, "--recipe", at("noisy.json"), "--batch", "1", "--relevance", at("d.npy"));
    expect(again.hash).toBe(first.hash);
    expect(readFileSync(at("d.npy"))).toEqual(readFileSync(at("a.npy")));
  });

  test("several classes, numbered pictures, maps in a layer's size", async () => {
    const { inputs, files } = await explain(
      ...[digits, "--method", "grad-cam", "--target", "top:2", "--set", "resize=none"],
      ...["--heatmap", at("cam.png"), "--relevance", at("cam.npy")],
    );
    expect(files.heatmaps).toHaveLength(6);
    expect(files.heatmaps.every(existsSync)).toBe(true);
    expect(inputs[2].maps.map(({ target }: { target: number }) => target)).toEqual(
      inputs[2].top.slice(0, 2).map(({ index }: { index: number }) => index),
    );
    const { dims } = readNpy(readFileSync(at("cam.npy")));
    expect(dims.slice(0, 3)).toEqual([3, 2, 1]);
    expect(dims.at(-1)).toBeLessThan(28);
  });

  test("a film of the steps, and a picture of what was made", async () => {
    const made = ["--method", "activation-maximization", "--set", "steps=4", "--set", "frames=2", "--target", "3"];
    const { files } = await explain(digit, ...made, "--frames", at("film.png"), "--heatmap", at("made.png"));
    expect(files.frames).toEqual([at("film.png")]);
    for (const name of ["film.png", "made.png"]) expect(readFileSync(at(name)).subarray(1, 4).toString()).toBe("PNG");
    // What is made is an input, shown alone; a heatmap stands beside the input, with a scale.
    await explain(digit, "--target", "3", "--heatmap", at("plain.png"));
    const width = (name: string) => readFileSync(at(name)).readUInt32BE(16);
    expect(width("plain.png")).toBeGreaterThan(2 * width("made.png"));
  });

  test("a page lists the explained class once, whether it is among the first or not", async () => {
    const all = (await explain(digit)).inputs[0].top.map(({ index }: { index: number }) => index);
    const last = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].find((index) => !all.includes(index))!;
    for (const [target, count] of [
      [all[0], all.length],
      [all[1], all.length],
      [last, all.length + 1],
    ]) {
      await explain(digit, "--target", `index:${target}`, "--report", at("top.html"));
      const page = readFileSync(at("top.html"), "utf8");
      expect(page.match(/class="explained"/g)).toHaveLength(1);
      expect(page.match(/class="bar"/g)).toHaveLength(count);
    }
  });

  test("references from an array and from a folder of pictures", async () => {
    mkdirSync(at("pictures"), { recursive: true });
    for (const n of [1, 2]) {
      const data = images.slice(n * 784, (n + 1) * 784);
      writeFileSync(at(`pictures/${n}.png`), encodePng(fromPixels({ width: 28, height: 28, channels: 1, data })));
    }
    writeFileSync(at("two.npy"), writeNpy({ type: "float32", dims: [2, 1, 28, 28], data: rows(3).slice(784) }));
    const mean = [digit, "--method", "integrated-gradients", "--set", "steps=4", "--set", "baseline=mean"];
    await explain(...mean, "--references", at("two.npy"), "--relevance", at("array.npy"));
    await explain(...mean, "--references", at("pictures"), "--relevance", at("folder.npy"));
    const [array, folder] = [numbers("array.npy"), numbers("folder.npy")];
    expect(array.every((v, i) => Math.abs(v - folder[i]!) < 1e-3)).toBe(true);
    const plain = await explain(...mean, "--relevance", at("plain.npy"));
    expect(plain.inputs).toHaveLength(1);
    expect(numbers("plain.npy")).not.toEqual(array);
  });
});

describe("what cannot be", () => {
  const refusals: readonly (readonly [string, readonly string[], number, RegExp])[] = [
    ["an unknown method", ["--method", "smoothgard"], 2, /unknown method 'smoothgard': did you mean 'smoothgrad'\?/],
    [
      "a parameter out of range",
      ["--method", "rise", "--set", "masks=0"],
      1,
      /masks of 'rise' cannot be 0: it is a whole number from 1/,
    ],
    ["text for a number", ["--method", "rise", "--set", "masks=many"], 1, /cannot be "many": it is a whole number/],
    [
      "a parameter it does not have",
      ["--method", "rise", "--set", "steps=3"],
      1,
      /'rise' has no parameter 'steps': it has masks/,
    ],
    ["no pair", ["--method", "rise", "--set", "masks"], 2, /write --set name=value/],
    ["a spread that no one makes", ["--method", "grad-cam", "--spread", at("x.npy")], 2, /method grad-cam has none/],
    ["a ledger", ["--method", "rise", "--ledger"], 2, /no ledger for method rise/],
    ["layers", ["--method", "rise", "--layer", "h"], 2, /--layer does not go with method rise/],
    [
      "references of one pass",
      ["--method", "gradient", "--references", digits],
      2,
      /--references does not go with method gradient/,
    ],
    [
      "references of DeepLIFT, whose twin over several has another name",
      ["--method", "deeplift", "--references", digits],
      2,
      /--references does not go with method deeplift: deep-shap is DeepLIFT over all of them/,
    ],
    ["a batch of none", ["--method", "rise", "--batch", "0"], 2, /--batch 0: give a whole number from 1/],
  ];
  test.each(refusals)("%s", async (_, options, code, message) => {
    const ran = await backlit("explain", "digits", digit, ...options);
    expect(ran).toMatchObject({ code, out: "" });
    expect(ran.err).toMatch(message);
    expect(ran.err.trim().split("\n")).toHaveLength(1);
    expect(existsSync(at("x.npy"))).toBe(false);
  });

  test("compiling what is no single pass", async () => {
    const { code, err } = await backlit("compile", "digits", "-o", at("x.onnx"), "--method", "rise");
    expect([code, err]).toEqual([2, expect.stringMatching(/it asks the model more than once.*explain runs it/)]);
  });
});

describe("work and its end", () => {
  test("rows, rate and what is left", () => {
    expect(describeRows(1200, 2000, 30_000)).toBe("1,200 of 2,000 rows, 40 rows/s, 20 s left");
    expect(describeRows(1, 4001, 2000)).toBe("1 of 4,001 rows, 0.50 rows/s, 2 h 13 min left");
    expect(describeRows(10, 10, 5000)).toBe("10 of 10 rows, 2.0 rows/s");
    const left = [59.4, 60, 3599, 3600, 3660].map((seconds) =>
      describeRows(1, seconds + 1, 1000)
        .split(", ")
        .at(-1),
    );
    expect(left).toEqual(["59 s left", "1 min 0 s left", "59 min 59 s left", "1 h 0 min left", "1 h 1 min left"]);
  });

  test("batches are counted through, those to come by the one at work", () => {
    const said: string[] = [];
    const progress = rowProgress({ working: (text: string) => said.push(text) } as never, 10, () => 0);
    const first = progress.batch(8);
    first(8, 80);
    first(80, 80);
    progress.batch(2)(20, 20);
    expect(said.map((text) => text.split(" rows")[0])).toEqual(["8 of 100", "80 of 100", "100 of 100"]);
  });

  test("a terminal draws over, a file gets few lines, --quiet none", async () => {
    const err: string[] = [];
    vi.useFakeTimers({ toFake: ["performance"] });
    const drawn = voiceOf({ ...ioOf([], err), live: true });
    drawn.working("too soon");
    vi.advanceTimersByTime(101);
    drawn.working("a");
    drawn.working("b");
    drawn.done();
    expect(err).toEqual(["\r\x1b[Ka", "\r\x1b[K"]);
    vi.useRealTimers();
    const plain: string[] = [];
    for (const quiet of [false, true]) voiceOf(ioOf([], plain), { quiet }).working("a");
    expect(plain).toEqual([]);
  });

  test("Ctrl-C ends it with one line and nothing written", async () => {
    const err: string[] = [];
    let stop = () => {};
    const io = {
      ...ioOf([], err),
      live: true,
      err: (text: string) => {
        err.push(text);
        if (text.includes(" rows/s")) stop();
      },
      onInterrupt: (then: () => void) => {
        stop = then;
        return () => {};
      },
    };
    const long = ["--method", "integrated-gradients", "--set", "steps=10000", "--batch", "1", "--heatmap", at("never.png")];
    expect(await main(["explain", "digits", digits, ...long], io)).toBe(130);
    // What was drawn is taken away, and one line stays.
    expect(err.slice(-2)).toEqual(["\r\x1b[K", "backlit: stopped\n"]);
    expect(err.filter((text) => !text.startsWith("\r\x1b[K"))).toHaveLength(1);
    expect(readdirSync(scratch).filter((name) => name.includes("never"))).toEqual([]);
  });

  const cli = fileURLToPath(new URL("../bin/backlit.js", import.meta.url));
  const built = existsSync(new URL("../dist/worker-thread.js", import.meta.url));
  test.skipIf(!built)("the process dies of the signal, in the middle of a pass", async () => {
    const args = [
      "explain",
      "digits",
      digits,
      "--method",
      "integrated-gradients",
      "--set",
      "steps=10000",
      "--heatmap",
      at("never.png"),
    ];
    const child = spawn(process.execPath, [cli, ...args], { stdio: ["ignore", "ignore", "pipe"] });
    let err = "";
    const working = new Promise<void>((done) => {
      child.stderr.on("data", (text: Buffer) => {
        err += text;
        if (err.includes(" rows/s")) done();
      });
    });
    const ended = new Promise((done) => child.on("close", (code, signal) => done(signal ?? code)));
    await Promise.race([working, ended]);
    child.kill("SIGINT");
    expect(await ended).toBe("SIGINT"); // 130 to a shell
    expect(err).toMatch(/^(.* rows\/s.*\n)*backlit: stopped\n$/);
    expect(readdirSync(scratch).filter((name) => name.includes("never"))).toEqual([]);
  });
});

describe("methods", () => {
  test("by family, or one in full", async () => {
    const { out } = await backlit("methods");
    expect(out).toMatch(/^gradient: .*\ngradient +how the score answers/m);
    expect(out).toMatch(/^rise +.* F$/m);
    const one = (await backlit("methods", "rise")).out;
    expect(one).toMatch(/assumes.*\n.*conserves.*\n.*cost/);
    expect(one).toMatch(/--set masks=\d+\n +.*a whole number from 1/);
    expect((await backlit("methods", "raw-attention")).out).toMatch(/much the same for every class/);
    expect((await backlit("methods", "lrp")).out).toMatch(/^ {2}gamma-depth /m);
  });

  test("as JSON, and a name that is none", async () => {
    const { methods } = await json("methods");
    expect(methods.find(({ name }: { name: string }) => name === "lrp").compiled).toBe(true);
    expect(await json("methods", "rise")).toMatchObject({ name: "rise", modelAgnostic: true, compiled: false });
    expect(await backlit("methods", "ries")).toMatchObject({ code: 2, err: expect.stringMatching(/did you mean 'rise'/) });
  });
});
