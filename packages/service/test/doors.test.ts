/** Each kind of target, asked for what is not there, at every door: the library, the command, the service; and in compiled models. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeModelBytes, parseModel, type Tensor, writeNpy } from "@backlit/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { load } from "../../backlit/src/index.ts";
import { backlit } from "../../backlit/test/cli.ts";
import type { OpenService } from "../src/index.ts";
import { ask, openDigits, post, repository } from "./support.ts";

const folder = mkdtempSync(join(tmpdir(), "backlit-doors-"));
const own = (name: string) => join(folder, name);
const HOUSE =
  "g (float[N,3] x) => (float[N,1] price, float[N,1] area) <float[3,1] a = random(1), float[3,1] b = random(2)> { price = MatMul(x, a) area = MatMul(x, b) }";
writeFileSync(own("house.onnx"), encodeModelBytes(parseModel(HOUSE)));
const row: Tensor = { type: "float32", dims: [1, 3], data: Float32Array.of(1, -2, 3) };
writeFileSync(own("row.npy"), writeNpy(row));
writeFileSync(own("small.npy"), writeNpy({ type: "float32", dims: [2, 2], data: Float32Array.of(1, 1, 0, 0) }));

const BUNDLED = ["digits", "shapes-detector", "shapes-segmenter", "shapes-embedder", "grammar-lm", "names-tagger"];
const places = new Map([...BUNDLED.map((name) => [name, repository(`models/${name}`)] as const), ["house", own("house.onnx")]]);

/** What each model is asked about: as the command takes it, and as a body. */
const INPUTS: Readonly<Record<string, readonly [command: string, body: Uint8Array | string]>> = Object.fromEntries(
  [...places.keys()].map((name) => {
    const text = { "grammar-lm": "the cat that the dogs see", "names-tagger": "anna lives in paris" }[name];
    if (text !== undefined) return [name, [text, text]];
    const file =
      name === "house" ? own("row.npy") : repository(name === "digits" ? "data/digit-pictures/3.png" : "data/shapes/two.png");
    return [name, [file, new Uint8Array(readFileSync(file))]];
  }),
);

let opened: OpenService;
beforeAll(async () => {
  opened = await openDigits({}, { models: places });
});
afterAll(async () => {
  await opened.drain();
  rmSync(folder, { recursive: true });
});

const MASK = `1@mask:${own("small.npy")}`;
/** The last: what the service says instead, where a request cannot have that at all. */
const ROWS: readonly (readonly [model: string, target: string, words: RegExp, service?: RegExp])[] = [
  ["digits", "10", /classes run from 0 to 9/],
  ["digits", "-1", /classes run from 0 to 9/],
  ["digits", "top:11", /the model has 10 classes/],
  ["digits", "3 minus 10", /classes run from 0 to 9/],
  ["digits", "index:x", /whole number/],
  ["digits", "value", /holds logits/],
  ["house", "value:height", /price, area/],
  ["shapes-segmenter", "circle@pixel:64,0", /positions run from 0 to 63/],
  ["shapes-segmenter", "9@pixel:1,1", /classes run from 0 to 3/],
  ["shapes-segmenter", "circle@pixel:1,1 minus circle@pixel:1,99", /positions run from 0 to 63/],
  ["shapes-segmenter", "region:9", /classes run from 0 to 3/],
  ["shapes-segmenter", MASK, /a mask of 2×2.*64×64/, /mask/],
  ["shapes-segmenter", "circle@mask:nowhere.png", /nowhere\.png/, /mask/],
  ["grammar-lm", "3@position:99", /positions run from 0 to 6/],
  ["grammar-lm", "99@position:1", /classes run from 0 to 28/],
  ["grammar-lm", "99@last", /classes run from 0 to 28/],
  ["grammar-lm", 'token:"xylophone"@last', /does not know it/],
  ["grammar-lm", "xylophone", /does not know it/],
  ["grammar-lm", "sleeps minus xylophone", /does not know it/],
  ["grammar-lm", "span:3..99", /positions run from 0 to 6/],
  ["grammar-lm", "span:0..2", /from 1 on/],
  ["grammar-lm", "span:1..2 minus span:3..99", /positions run from 0 to 6/],
  ["names-tagger", "B-LOC@position:12", /positions run from 0 to 5/],
  ["names-tagger", "answer:1..2", /where an answer begins/],
  ["shapes-detector", "box:99", /detections/],
  ["shapes-detector", "box:0.z", /x1/],
  ["shapes-detector", "box:0 minus box:0.x1", /a class and a number/],
  ["shapes-embedder", `pair:${own("none.png")}`, /none\.png/],
  ["digits", "box:0", /box/],
];

describe.each(ROWS.map(([model, target, words, service = words]) => ({ model, target, words, service })))(
  "$model: $target",
  ({ model, target, words, service }) => {
    const [input, body] = INPUTS[model]!;
    const place = places.get(model)!;

    test("the library throws BadTarget, the command exits with 1 and one line", async () => {
      const { code, out, err } = await backlit("explain", place, input, "--target", target, "--quiet");
      expect([code, out]).toEqual([1, ""]);
      expect(err.trim().split("\n")).toHaveLength(1);
      expect(err).toMatch(words);
      if (/^pair:|mask:/.test(target)) return; // files are read by the command
      await using lit = await load(place);
      const asked = model === "house" ? lit.explain(row, { target }) : lit.explain(input, { target });
      await expect(asked).rejects.toMatchObject({ _tag: "BadTarget" });
    });

    test("the service answers 400", async () => {
      const answer = await ask(opened, `/explain/${model}?target=${encodeURIComponent(target)}`, post(body));
      expect(answer.status).toBe(400);
      expect((await answer.json()).error).toMatch(service);
    });
  },
);

const FIRST_RUN = [
  ["shapes-segmenter", "region:circle"],
  ["shapes-segmenter", "top@pixel:1,1"],
  ["shapes-segmenter", MASK],
  ["shapes-detector", "box:0"],
  ["shapes-detector", "box:0.x1"],
  ["grammar-lm", 'token:"sleeps"'],
  ["grammar-lm", 'token:"sleeps"@position:2'],
  ["grammar-lm", "sleeps"],
  ["grammar-lm", "sleeps minus sleep"],
  ["grammar-lm", "3@last"],
  ["grammar-lm", "span:1..2"],
  ["grammar-lm", "3@position:1 minus 4@position:2"],
  ["names-tagger", "answer"],
] as const;

test.each(FIRST_RUN)("%s compiled for %s is refused and --seed direction named", async (model, target) => {
  const { code, err } = await backlit("compile", places.get(model)!, "-o", own("out.onnx"), "--target", target);
  expect([code, err]).toEqual([1, expect.stringMatching(/--seed direction/)]);
});

test.each([
  ["shapes-segmenter", "circle@pixel:64,0"],
  ["shapes-segmenter", "9@pixel:1,1"],
  ["names-tagger", "B-ORG@position:1"],
  ["digits", "10"],
  ["digits", "top:11"],
] as const)("%s compiled for %s: there is no such thing", async (model, target) => {
  const { code, err } = await backlit("compile", places.get(model)!, "-o", own("out.onnx"), "--target", target);
  expect(code).toBe(1);
  expect(err.trim().split("\n")).toHaveLength(1);
});
