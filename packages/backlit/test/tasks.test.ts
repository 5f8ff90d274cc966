/** Models of texts by what they are for: each is asked as its user would, and answers for both texts where it reads two. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { encodeModelBytes, parseModel, readNpy, type Tensor, writeNpy } from "@backlit/core";
import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../src/host/runtime/node.ts";
import { at, backlit } from "./cli.ts";

const SPECIAL = ["[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]"];
const VOCABULARY = [...SPECIAL, "the", "cat", "sat", "where", "is", "mat", "##ty"];
const special = (id: string, type: number) => ({ SpecialToken: { id, type_id: type } });
const sequence = (id: string, type: number) => ({ Sequence: { id, type_id: type } });
const single = [special("[CLS]", 0), sequence("A", 0), special("[SEP]", 0)];
const tokenizer = {
  version: "1.0",
  added_tokens: SPECIAL.map((content, id) => ({ id, content, special: true, normalized: false })),
  normalizer: { type: "BertNormalizer", lowercase: true },
  pre_tokenizer: { type: "BertPreTokenizer" },
  post_processor: {
    type: "TemplateProcessing",
    single,
    pair: [...single, sequence("B", 1), special("[SEP]", 1)],
    special_tokens: Object.fromEntries(["[CLS]", "[SEP]"].map((id) => [id, { id, ids: [SPECIAL.indexOf(id)], tokens: [id] }])),
  },
  decoder: { type: "WordPiece", prefix: "##" },
  model: {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(VOCABULARY.map((token, id) => [token, id])),
  },
};
const save = (name: string, text: string, config: object = {}) => {
  mkdirSync(at(name), { recursive: true });
  writeFileSync(at(`${name}/model.onnx`), encodeModelBytes(parseModel(text)));
  writeFileSync(at(`${name}/tokenizer.json`), JSON.stringify(tokenizer));
  writeFileSync(at(`${name}/tokenizer_config.json`), JSON.stringify({ mask_token: "[MASK]", pad_token: "[PAD]" }));
  writeFileSync(at(`${name}/config.json`), JSON.stringify(config));
};

const held =
  "float[12,8] table = random(1), float[8,8] q = random(2), float[8,8] wv = random(5), int64[1] second = {1}, int64[1] third = {2}, int64[2] each = {1,1}, float big = {1000}, float one = {1}";
const encoder = (
  t = "",
) => `e${t} = Gather(table, input_ids${t}) k${t} = Transpose <perm=[0,2,1]> (e${t}) eq${t} = MatMul(e${t}, q)
  s${t} = MatMul(eq${t}, k${t}) m${t} = Cast <to=1> (attention_mask${t}) off${t} = Sub(m${t}, one) far${t} = Mul(off${t}, big) wide${t} = Unsqueeze(far${t}, second)
  masked${t} = Add(s${t}, wide${t}) a${t} = Softmax(masked${t}) v${t} = MatMul(e${t}, wv) h${t} = MatMul(a${t}, v${t}) r${t} = Add(e${t}, h${t})`;
const IN = "int64[N,S] input_ids, int64[N,S] attention_mask";
const tagger = (n: number) =>
  `g (${IN}) => (float[N,S,${n}] logits) <${held}, float[8,${n}] w = random(4)> { ${encoder()} logits = MatMul(r, w) }`;
save("tags", tagger(3), { id2label: { 0: "O", 1: "B-PER", 2: "B-LOC" } });
save("masked", tagger(12));
save(
  "answers",
  `g (${IN}) => (float[N,S] start_logits, float[N,S] end_logits) <${held}, float[8,2] w = random(3)> { ${encoder()} z = MatMul(r, w) zs, ze = Split <axis=2> (z, each) start_logits = Squeeze(zs, third) end_logits = Squeeze(ze, third) }`,
);
save(
  "translates",
  `g (${IN}, int64[N,T] decoder_input_ids) => (float[N,T,12] logits) <${held}, float[12,8] tabled = random(9), float[8,12] w = random(4)> { ${encoder()}
  ed = Gather(tabled, decoder_input_ids) rt = Transpose <perm=[0,2,1]> (r) cs = MatMul(ed, rt) cm = Add(cs, wide) ca = Softmax(cm) c = MatMul(ca, r) rd = Add(ed, c) logits = MatMul(rd, w) }`,
  { decoder_start_token_id: 2 },
);
save(
  "compares",
  `g (${IN}, int64[N,T] input_ids_b, int64[N,T] attention_mask_b) => (float[N] similarity) <${held}, int64[1] last = {-1}> { ${encoder()} ${encoder("_b")}
  p = ReduceMean <axes=[1], keepdims=0> (r) o = ReduceMean <axes=[1], keepdims=0> (r_b) po = Mul(p, o) dot = ReduceSum <keepdims=0> (po, last)
  np = ReduceL2 <axes=[1], keepdims=0> (p) no = ReduceL2 <axes=[1], keepdims=0> (o) n = Mul(np, no) similarity = Div(dot, n) }`,
);

const json = async (name: string, ...more: string[]) => {
  const { code, out, err } = await backlit("explain", at(name), ...more, "--json");
  expect(code, err).toBe(0);
  const { inputs, ...rest } = JSON.parse(out);
  return { ...rest, first: inputs[0] };
};

test("labels of tokens: the most certain of the text's own, with the labels there", async () => {
  const { first, notices } = await json("tags", "the cat sat");
  expect(first.target).toMatch(/^B-(PER|LOC)@position:[123]$/);
  expect(first.probability).toBeGreaterThan(0.2);
  expect(first.top.map(({ label }: { label: string }) => label.replace(/@.*/, "")).toSorted()).toEqual(["B-LOC", "B-PER", "O"]);
  expect(notices.filter((text: string) => /auto took/.test(text))).toHaveLength(1);
});

test("a gap to be filled: there, with the likeliest tokens", async () => {
  const { first } = await json("masked", "the [MASK] sat");
  expect(first.target).toMatch(/@position:2$/);
  expect(first.top).toHaveLength(5);
  expect((await json("masked", "the cat sat")).notices.join()).toMatch(/no mask token stands in the text/);
});

test("an answer: its beginning and end", async () => {
  const { first, output, notices } = await json("answers", "where is the cat", "--text-pair", "the cat sat");
  expect([first.target, output]).toEqual([
    expect.stringMatching(/^answer:[678]\.\.[678] \((the|cat|sat)( cat| sat)*\)$/),
    "answer",
  ]);
  expect(notices.join()).not.toMatch(/several outputs/);
});

describe("two texts", () => {
  test("of an encoder and a decoder are both explained; naming one says what stays as given", async () => {
    const both = await json("translates", "the cat sat", "--text-pair", "the mat", "--report", at("both.html"));
    expect(both.explained).toEqual(["e", "ed"]);
    expect(both.first.texts).toEqual(["the cat sat", "the mat"]);
    expect(both.first.tokens.map(({ token }: { token: string }) => token)).toEqual(
      ["[CLS]", "the", "cat", "sat", "[SEP]", "[SEP]", "the", "mat"], // the decoder's start, and no tokens of its own at the end
    );
    const sums = both.first.tokens.reduce((sum: number, { relevance }: { relevance: number }) => sum + relevance, 0);
    expect(sums).toBeCloseTo(both.first.arrived, 4);
    const page = readFileSync(at("both.html"), "utf8");
    expect(page.match(/<p class="text">/g)).toHaveLength(2);
    const one = await json("translates", "the cat sat", "--text-pair", "the mat", "--explain", "ed");
    expect(one.notices.join()).toMatch(/e stays as given: only ed is explained/);
    expect(one.first.texts).toEqual(["the mat"]);
    const start = await json("translates", "the cat sat");
    expect(start.notices.join()).toMatch(/the decoder's first token alone/);
    expect(start.first.found).toEqual({ position: 0 });
  });
  test("that are compared stand on one page, with the similarity as a value", async () => {
    const { first, explained } = await json("compares", "the cat sat", "--text-pair", "where is the mat");
    expect(explained).toEqual(["e", "e_b"]);
    expect(first.label).toBe("similarity");
    expect(first.top[0].value).toBeLessThanOrEqual(1);
    expect(first.texts).toEqual(["the cat sat", "where is the mat"]);
    const { code, err } = await backlit("explain", at("compares"), "the cat sat");
    expect([code, err]).toEqual([1, expect.stringMatching(/no text for 'input_ids_b'.*--text-pair/)]);
  });
});

test("two texts that are compared: pairs of their words, where the branches meet", async () => {
  const asked = ["explain", at("compares"), "the cat sat", "--text-pair", "where is the mat", "--target", "pair"];
  const { rows, cells, otherCells } = JSON.parse((await backlit(...asked, "--json")).out);
  expect([cells, otherCells]).toEqual([[5], [6]]);
  expect(rows[0].names).toEqual([
    ["[CLS]", "the", "cat", "sat", "[SEP]"],
    ["[CLS]", "where", "is", "the", "mat", "[SEP]"],
  ]);
  const { output } = await json("compares", "the cat sat", "--text-pair", "where is the mat");
  expect(output).toBeDefined();
  const { code, out, err } = await backlit(...asked, "--heatmap", at("words.svg"));
  expect(code, err).toBe(0);
  expect(out).toMatch(/the cat sat and where is the mat: cosine/);
  const plain = ["explain", at("compares"), "the cat sat", "--target", "pair:where is the mat"];
  const { other, rows: same } = JSON.parse((await backlit(...plain, "--json")).out);
  expect([other, same]).toEqual(["where is the mat", rows]);
  writeFileSync(at("second.txt"), "where is the mat\n");
  const file = await backlit(...plain.slice(0, -1), `pair:${at("second.txt")}`, "--json");
  expect(JSON.parse(file.out).rows).toEqual(rows);
  const both = await backlit(...plain, "--text-pair", "the mat");
  expect([both.code, both.err]).toEqual([2, expect.stringMatching(/both are the second text/)]);
  const grid = await backlit(...asked, "--grid", "3,3");
  expect([grid.code, grid.err]).toEqual([1, expect.stringMatching(/no picture/)]);
});

describe("a data set of two texts a row", () => {
  const few = ["--methods", "auto,gradient-x-input", "--metrics", "srg", "--workers", "1", "--json"];
  const judged = async (model: string, table: string, content: string, ...more: string[]) => {
    writeFileSync(at(table), content);
    const { code, out, err } = await backlit("evaluate", at(model), at(table), ...few, ...more);
    return { code, err, result: code === 0 ? JSON.parse(out) : undefined };
  };
  const pairs = "sentence1,sentence2,label\nthe cat sat,where is the mat,0\nthe mat,the cat,1\n";

  test("by columns of pairs, of the model's inputs, or those named: the same samples", async () => {
    const { code, err, result } = await judged("compares", "pairs.csv", pairs, "--score", "logit");
    expect(code, err).toBe(0);
    expect(err).toMatch(/the texts are those of sentence1 and sentence2/);
    expect(result.samples).toHaveLength(2);
    const inputs = pairs.replace("sentence1,sentence2", "input_ids,input_ids_b");
    const lines = ['{"b": "where is the mat", "a": "the cat sat"}', '{"a": "the mat", "b": "the cat"}'].join("\n");
    const others = [
      await judged("compares", "inputs.csv", inputs, "--score", "logit"),
      await judged("compares", "named.jsonl", lines, "--score", "logit", "--text-columns", "a,b"),
    ];
    for (const other of others) expect(other.result.tables, other.err).toEqual(result.tables);
    const turned = await judged("compares", "named.jsonl", lines, "--score", "logit", "--text-columns", "b,a");
    expect(turned.result.tables).not.toEqual(result.tables);
  });

  test("the report shows the words of both, by the first method", async () => {
    const { code, err } = await judged("compares", "pairs.csv", pairs, "--score", "logit", "--report", at("pairs.html"));
    expect(code, err).toBe(0);
    const page = readFileSync(at("pairs.html"), "utf8");
    const examples = page.slice(page.indexOf('id="examples"'), page.indexOf('id="methods"'));
    expect(examples).toContain("words by auto");
    for (const name of ["row 0", "row 1"]) expect(examples).toContain(`<h3>${name}</h3>`);
    const words = [...examples.matchAll(/<span class="v" style="[^"]+" title="[^"]+">([^<]+)/g)].map(([, word]) => word);
    expect(words).toEqual("the cat sat where is the mat the mat the cat".split(" "));
  });

  test("read together: a question and where its answer stands", async () => {
    const { code, err, result } = await judged("answers", "questions.csv", "question,context\nwhere is the cat,the cat sat\n");
    expect(code, err).toBe(0);
    expect(result.samples[0].aim).toMatch(/^answer:[678]\.\.[678]/);
  });

  test.each([
    ["compares", "text\nthe cat sat\n", [], /two texts apart.*--text-columns A,B of text/],
    ["compares", pairs, ["--text-columns", "sentence1,c"], /--text-columns c.*sentence1, sentence2/],
    ["compares", "text_a,text_b\nthe cat,\n", [], /an empty text in 'text_b'.*row 0/],
  ] as const)("%s, %j with %j is refused", async (model, content, more, words) => {
    const { code, err } = await judged(model, "wrong.csv", content, ...more);
    expect([code > 0, err]).toEqual([true, expect.stringMatching(words)]);
  });
});

test("frames of sound: the most certain that is no blank", async () => {
  writeFileSync(
    at("sound.onnx"),
    encodeModelBytes(
      parseModel(
        "g (float[N,T,3] input_features) => (float[N,T,5] logits) <float[3,8] w = random(8), float[8,5] u = random(12)> { a = MatMul(input_features, w) b = Relu(a) logits = MatMul(b, u) }",
      ),
    ),
  );
  const data = Float32Array.from({ length: 60 }, (_, i) => Math.sin(i));
  writeFileSync(at("sound.npy"), writeNpy({ type: "float32", dims: [1, 20, 3], data }));
  const { first, notices } = await json("sound.onnx", at("sound.npy"));
  expect(first.target).toMatch(/^[1-4]@position:\d+$/);
  expect(notices.join()).toMatch(/most certain of its frames, blank \(class 0\) left out/);
});

test("a span token by token is a matrix: in the terminal, as SVG, on the page", async () => {
  const steps = ["explain", at("masked"), "the matty sat", "--target", "span:2..4", "--per-step"];
  const files = ["--heatmap", at("steps.svg"), "--report", at("steps.html")];
  const { code, out, err } = await backlit(...steps, ...files);
  expect(code, err).toBe(0);
  expect(out).toMatch(/^ +the +matty +sat$/m); // subwords are one word again
  for (const token of ["mat", "##ty", "sat"])
    expect(out).toMatch(new RegExp(`^ +token:"${token}"@position:\\d( +([+-]0\\.\\d+|0)){3}$`, "m"));
  const svg = readFileSync(at("steps.svg"), "utf8");
  expect(svg.match(/<rect /g)).toHaveLength(9);
  expect(readFileSync(at("steps.html"), "utf8").match(/<section>/g)).toHaveLength(1);
  const { first } = await json("masked", "the matty sat", "--target", "span:2..4", "--per-step");
  for (const { probability } of first.maps) expect(probability).toBeGreaterThan(0);
});

test("a cache of earlier tokens is empty, in the command and in a compiled model, whatever the padding", async () => {
  save(
    "cached",
    `g (${IN.replaceAll("S]", "sequence_length]").replace("sequence_length] attention", "T] attention")}, float[N,P,8] past_key_values) => (float[N,sequence_length,12] logits, float[N,T,8] present) <${held}, float[8,12] w = random(4)> {
    e = Gather(table, input_ids) k = Concat <axis=1> (past_key_values, e) kt = Transpose <perm=[0,2,1]> (k) eq = MatMul(e, q) s = MatMul(eq, kt) m = Cast <to=1> (attention_mask)
    off = Sub(m, one) far = Mul(off, big) wide = Unsqueeze(far, second) masked = Add(s, wide) a = Softmax(masked) h = MatMul(a, k) r = Add(e, h) logits = MatMul(r, w) present = Identity(k) }`,
  );
  const { notices, explained } = await json("cached", "the cat sat");
  expect(explained).toEqual(["e"]);
  expect(notices.join()).toMatch(/cache 'past_key_values' is empty/);
  const { code, err } = await backlit("compile", at("cached"), "-o", at("cached.onnx"), "--target", "3@position:2");
  expect(code, err).toBe(0);
  const session = await (await nodeRuntime()).createSession({ path: at("cached.onnx") });
  const whole = (values: readonly number[]): Tensor => ({
    ...{ type: "int64", dims: [1, values.length] },
    data: BigInt64Array.from(values, BigInt),
  });
  const feeds = {
    input_ids: whole([1, 5, 6, 7, 2]),
    attention_mask: whole([1, 1, 1, 1, 1]),
    past_key_values: { type: "float32", dims: [1, 0, 8], data: new Float32Array() } as Tensor,
  };
  const { relevance } = await session.run(feeds);
  const ids = ["--input", `input_ids=${at("ids.npy")}`];
  writeFileSync(at("ids.npy"), writeNpy(feeds.input_ids));
  const asked = await backlit("explain", at("cached"), ...ids, "--target", "3@position:2", "--relevance", at("own.npy"));
  expect(asked.code, asked.err).toBe(0);
  const own = readNpy(readFileSync(at("own.npy"))).data as Float32Array;
  for (const [i, r] of (relevance!.data as Float32Array).entries()) expect(r).toBeCloseTo(own[i]!, 5);
});
