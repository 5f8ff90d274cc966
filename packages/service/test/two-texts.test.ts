/** Models that read two texts, through the doors that take files: the second is a text of the request, never a file of the server. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeModelBytes, parseModel } from "@backlit/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { load } from "../../backlit/src/load.ts";
import type { OpenService } from "../src/index.ts";
import { ask, openDigits, post } from "./support.ts";

const folder = mkdtempSync(join(tmpdir(), "backlit-two-texts-"));
const WORDS = ["[PAD]", "[UNK]", "the", "cat", "sat", "mat", "here"];
const TOWER = (t: string) => `e${t} = Gather(table, input_ids${t}) m${t} = ReduceMean <axes=[1], keepdims=0> (e${t})`;
const MODEL = `g (int64[N,S] input_ids, int64[N,T] input_ids_b) => (float[N] similarity) <float[7,4] table = random(1), int64[1] last = {-1}> {
  ${TOWER("")} ${TOWER("_b")} p = Mul(m, m_b) similarity = ReduceSum <keepdims=0> (p, last) }`;
writeFileSync(join(folder, "secret.txt"), "the mat");
mkdirSync(join(folder, "compares"));
writeFileSync(join(folder, "compares/model.onnx"), encodeModelBytes(parseModel(MODEL)));
writeFileSync(
  join(folder, "compares/tokenizer.json"),
  JSON.stringify({
    version: "1.0",
    added_tokens: [],
    normalizer: { type: "Lowercase" },
    pre_tokenizer: { type: "Whitespace" },
    post_processor: null,
    decoder: null,
    model: { type: "WordLevel", vocab: Object.fromEntries(WORDS.map((word, id) => [word, id])), unk_token: "[UNK]" },
  }),
);

let opened: OpenService;
beforeAll(async () => {
  opened = await openDigits({}, { models: new Map([["compares", join(folder, "compares")]]) });
});
afterAll(async () => {
  await opened.drain();
  rmSync(folder, { recursive: true });
});

const texts = (query: string) => ask(opened, `/explain/compares?${query}`, post(new TextEncoder().encode("the cat sat")));

test("in the query of the door for people, as in the library", async () => {
  const answer = await texts("text_pair=the+mat+here");
  const document = await answer.json();
  expect(answer.status, document.error).toBe(200);
  expect(document.inputs[0].texts).toEqual(["the cat sat", "the mat here"]);
  await using lit = await load(join(folder, "compares"));
  const { result } = await lit.results(["the cat sat"], { textPair: "the mat here" });
  const own = result.rows[0]!.maps[0]!;
  expect(document.inputs[0].top[0].value).toBeCloseTo(own.target.value!, 5);
});

test("a text that is the path of a file of the server stays a text", async () => {
  const document = await (await texts(`text_pair=${encodeURIComponent(join(folder, "secret.txt"))}`)).json();
  expect(JSON.stringify(document)).not.toContain("the mat");
});

test("without one the answer says how to give it", async () => {
  const answer = await texts("");
  expect([answer.status, (await answer.json()).error]).toEqual([400, expect.stringMatching(/no text for 'input_ids_b'/)]);
});

test("instances of KServe's V1: a second text each, or one for all; some without are an error", async () => {
  const call = (verb: string, body: object) => ask(opened, `/v1/models/compares:${verb}`, post(body));
  const [first, second] = [
    { text: "the cat sat", text_pair: "the mat here" },
    { text: "here", text_pair: "the cat" },
  ] as const;
  const both = await (await call("explain", { instances: [first, second] })).json();
  expect(both.error).toBeUndefined();
  const alone = await Promise.all([first, second].map(async (one) => (await call("explain", { instances: [one] })).json()));
  expect(both.predictions).toEqual(alone.flatMap(({ predictions }) => predictions));
  const shared = await (
    await call("predict", { instances: ["the cat sat", "here"], parameters: { text_pair: "the cat" } })
  ).json();
  expect(shared.predictions[1]).toEqual(both.predictions[1]);
  const some = await call("explain", { instances: [first, "here"] });
  expect([some.status, (await some.json()).error]).toEqual([400, expect.stringMatching(/1 of 2 instances have a text_pair/)]);
});
