/** `evaluate` and `audit` judge maps for every kind of target, by the score of that target. */
import { mkdirSync, writeFileSync } from "node:fs";
import { writeNpy } from "@backlit/core";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { at, backlit, root } from "./cli.ts";

beforeAll(async () => {
  mkdirSync(at("shapes"));
  await sharp(root("data/shapes/two.png")).toFile(at("shapes/two.png"));
  const inside = (i: number) => Number(i % 64 < 22 && i >= 44 * 64);
  writeFileSync(
    at("mask.npy"),
    writeNpy({ type: "float32", dims: [64, 64], data: Float32Array.from({ length: 4096 }, (_, i) => inside(i)) }),
  );
  writeFileSync(at("grammar.csv"), "text\nthe cat that the dogs see sleeps\n");
  writeFileSync(at("names.csv"), "text\nanna met ben in paris\n");
});

const DATA: Readonly<Record<string, string>> = {
  "shapes-segmenter": "shapes",
  "shapes-detector": "shapes",
  "shapes-embedder": "shapes",
  "grammar-lm": "grammar.csv",
  "names-tagger": "names.csv",
};
const judge = (command: string, model: string, target: string | undefined, ...more: string[]) => {
  const asked = target === undefined ? [] : ["--target", target.replace("mask.npy", at("mask.npy"))];
  return backlit(command, model, at(DATA[model]!), ...asked, "--workers", "1", "--json", ...more);
};

describe("evaluate", () => {
  test.each<[string, string | undefined, string | RegExp]>([
    ["shapes-segmenter", "region:circle", "region:circle"],
    ["shapes-segmenter", "circle@mask:mask.npy", /^circle@mask:/],
    ["shapes-detector", undefined, "box:0 (triangle)"],
    ["shapes-detector", "box:1", "box:1 (circle)"],
    ["shapes-detector", "box:0.x1", "box:0.x1 (triangle)"],
    ["grammar-lm", undefined, /@last$/],
    ["grammar-lm", 'token:"sleeps"@position:6', "sleeps@position:6"],
    ["grammar-lm", "in", "in@last"],
    ["grammar-lm", "in minus sleeps", "in minus sleeps@last"],
    ["grammar-lm", "span:2..4", "span:2..4"],
    ["names-tagger", undefined, /^B-(PER|LOC)@position:\d$/],
    ["names-tagger", "B-LOC@position:5", "B-LOC@position:5"],
  ])("%s, %s", async (model, target, name) => {
    const few = ["--methods", "gradient-x-input", "--metrics", "faithfulness-estimate", "--imputer", "zero"];
    const { code, out, err } = await judge("evaluate", model, target, ...few);
    expect(code, err).toBe(0);
    const { samples, tables } = JSON.parse(out);
    expect(samples[0]).toMatchObject({
      target: [-2],
      aim: expect.stringMatching(typeof name === "string" ? name.replace(/[().]/g, "\\$&") : name),
    });
    expect(Math.abs(tables[0].values[0][0])).toBeGreaterThan(0);
  });
});

test.each<[string, string | undefined, RegExp]>([
  ["shapes-segmenter", "circle@mask:mask.npy", /^circle@mask:/],
  ["shapes-detector", undefined, /^box:0 \(triangle\)$/],
  ["grammar-lm", "span:2..4", /^span:2\.\.4$/],
])("audit of %s, %s: the ledger is of that, too", async (model, target, found) => {
  const { code, out, err } = await judge("audit", model, target);
  expect(code, err).toBe(0);
  const { task, ledger, limits } = JSON.parse(out);
  if (target === undefined) expect(task.found).toEqual([expect.stringMatching(found)]);
  expect(ledger).toMatchObject({ n: 1, rest: { exceeding: 0 } });
  expect(limits.join("\n")).toMatch(target === undefined ? found.source.slice(1, 5) : /on all samples/);
});

describe("thresholds", () => {
  test.each(["evaluate", "audit", "tune"])("%s explains what counts as detected, as explain does", async (command) => {
    const { code, err } = await backlit(
      command,
      "shapes-detector",
      root("data/shapes"),
      "--workers",
      "1",
      "--least-score",
      "0.9999",
    );
    expect([code, err]).toEqual([1, expect.stringMatching(/nothing is detected.*0\.9999 is the least/)]);
  });

  test("a lower score finds more, and an audit is made again with it", async () => {
    const few = ["--methods", "gradient-x-input", "--metrics", "faithfulness-estimate", "--imputer", "zero"];
    const lower = ["--least-score", "0.0001", "--overlap", "1"];
    const { code, out, err } = await judge("evaluate", "shapes-detector", "box:3", ...lower, ...few);
    expect(code, err).toBe(0);
    expect(JSON.parse(out).samples[0].aim).toMatch(/^box:3/);
    const made = await judge("audit", "shapes-detector", "box:3", ...lower, "--out", at("boxes.json"));
    expect(made.code, made.err).toBe(0);
    expect(JSON.parse(made.out).task.detector).toEqual({ detections: { score: 0.0001, iou: 1 } });
    const again = await backlit("audit", "--verify", at("boxes.json"), "shapes-detector", at("shapes"), "--workers", "1");
    expect([again.code, again.out]).toEqual([0, expect.stringMatching(/reproduced/)]);
  });
});

test.each([[undefined], ["sleeps minus sleep"]])(
  "the words that a language model's map marks lower the asked score most: above random orders (%s)",
  async (target) => {
    const texts = ["cat that the dogs see", "dog near the cats", "bird that the children like", "child near the birds"];
    const more = ["cat near the dogs", "dog that the cats see", "child that the birds see", "bird near the children"];
    const last = ["dog that the children like", "cat that the birds like"];
    writeFileSync(at("grammar.csv"), ["text", ...[...texts, ...more, ...last].map((text) => `the ${text}`)].join("\n"));
    const { code, out, err } = await judge("evaluate", "grammar-lm", target, "--methods", "auto", "--metrics", "srg");
    expect(code, err).toBe(0);
    const [{ methods, floor }] = JSON.parse(out).summary.tables;
    expect(methods[0].method).toBe("auto");
    expect(methods[0].mean).toBeGreaterThan(floor.high);
  },
);

test.each([
  ["evaluate", "shapes-embedder", undefined, /pair:FILE/],
  ["evaluate", "shapes-embedder", "pair:other.png", /explainPair/],
  ["evaluate", "grammar-lm", "top:2@last", /one score/],
  ["audit", "shapes-embedder", "pair:other.png", /explainPair/],
  ["audit", "shapes-detector", "box:9", /detections/],
  ["tune", "shapes-embedder", "pair:other.png", /explainPair/],
] as const)("%s of %s, %s makes no sense", async (command, model, target, words) => {
  const { code, err } = await judge(command, model, target);
  expect(code).toBeGreaterThan(0);
  expect(err.trim().split("\n").at(-1)).toMatch(words);
});
