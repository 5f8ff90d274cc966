/** Inputs beyond pictures, from the command line: texts, tables, series, bytes; small models made here. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { encodeModelBytes, parseModel, readNpy, writeNpy } from "@backlit/core";
import { describe, expect, test } from "vitest";
import { openTokenizer } from "../src/load.ts";
import { at, backlit, root } from "./cli.ts";

const save = (name: string, text: string) => writeFileSync(at(name), encodeModelBytes(parseModel(text)));
const json = async (...argv: string[]) => {
  const { code, out, err } = await backlit(...argv, "--json");
  expect([code, err.replace(/^note: .*\n/gm, "")]).toEqual([0, ""]);
  return JSON.parse(out);
};
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

/** Sums masked embeddings: Σ R over a token is its embedding's part of the logit. */
const bag = (extra = "") => `
  g (int64[N,L] input_ids, int64[N,L] attention_mask${extra}) => (float[N,2] logits)
  <float[6000,3] w = random(1), float[3,2] v = random(2), int64[1] last = {2}, int64[1] one = {1}> {
    emb = Gather (w, input_ids)
    m = Cast <to = 1> (attention_mask)
    m3 = Unsqueeze (m, last)
    masked = Mul (emb, m3)
    s = ReduceSum <keepdims = 0> (masked, one)
    logits = MatMul (s, v)
  }`;
const explainBag = ["--explain", "emb", "--method", "gradient-x-input"];
mkdirSync(at("bag"));
for (const file of ["tokenizer.json", "tokenizer_config.json", "config.json"])
  cpSync(root(`models/text-sentiment/${file}`), at(`bag/${file}`));
save("bag/model.onnx", bag(", int64[N,L] token_type_ids"));

describe("texts", () => {
  test("words with signed numbers; every token with its place, word and relevance", async () => {
    const text = "A dull, unbelievable  Café 日本.";
    const { code, out } = await backlit("explain", at("bag"), text, ...explainBag);
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}A\[[+-][\d.]+\] dull\[\S+\],\[\S+\] unbelievable\[\S+\] {2}Café\[\S+\] 日本\[\S+\]\.\[\S+\]$/m);
    expect(out).toMatch(/^ {2}\[CLS\] \S+ {2}\[SEP\] \S+$/m);
    const { inputs } = await json("explain", at("bag"), text, ...explainBag);
    const [{ tokens, words, special, relevance, top, target }] = inputs;
    expect(tokens[0]).toMatchObject({ token: "[CLS]", special: true, word: null });
    for (const token of tokens.slice(1, -1)) expect(text.slice(token.start, token.end)).toBe(token.text);
    const pieces = tokens.filter(({ word }: { word: number }) => word === 3);
    expect(pieces.length).toBeGreaterThan(1);
    expect(words[3].text).toBe("unbelievable");
    expect(words[3].relevance).toBeCloseTo(sum(pieces.map((t: { relevance: number }) => t.relevance)), 5);
    expect(sum(words.map((w: { relevance: number }) => w.relevance)) + special).toBeCloseTo(relevance.sum, 4);
    expect(relevance.sum).toBeCloseTo(top.find(({ index }: { index: number }) => index === target).logit, 4);
  });

  test("several are a padded batch with the numbers of single runs; --relevance holds [N, L, D]", async () => {
    const texts = ["good", "this film was not good at all"];
    const both = await json("explain", at("bag"), ...texts, ...explainBag, "--relevance", at("r.npy"));
    const longest = both.inputs[1].tokens.length;
    expect(readNpy(readFileSync(at("r.npy"))).dims).toEqual([2, longest, 3]);
    const alone = await json("explain", at("bag"), texts[0]!, ...explainBag);
    expect(both.inputs[0].tokens).toEqual(alone.inputs[0].tokens);
  });

  test("a pair, an HTML page, a text from a file", async () => {
    writeFileSync(at("review.txt"), "so <b>bad</b>\n");
    const argv = ["explain", at("bag"), at("review.txt"), "--text-pair", "it hurts", ...explainBag];
    const { inputs, files } = await json(...argv, "--heatmap", at("pair.html"));
    expect(files.heatmaps).toEqual([at("pair.html")]);
    const [{ tokens, texts }] = inputs;
    expect(texts).toEqual(["so <b>bad</b>", "it hurts"]);
    expect(tokens.filter(({ special }: { special: boolean }) => special)).toHaveLength(3);
    expect(tokens.find(({ text }: { text: string }) => text === "hurts")).toMatchObject({ in: 1, type: 1, start: 3, end: 8 });
    const page = readFileSync(at("pair.html"), "utf8");
    expect(page).toContain("&lt;");
    expect(page).not.toContain("<b>bad");
  });

  test("too long: cut at the model's length, and said", async () => {
    const { inputs, notices } = await json("explain", at("bag"), "very good ".repeat(100), ...explainBag);
    expect(inputs[0].tokens).toHaveLength(128);
    expect(inputs[0]).toMatchObject({ cut: 74 });
    expect(notices).toContainEqual(expect.stringMatching(/is cut: the model takes 128 tokens, 74 at the end are left out/));
  });

  test("token ids as an array: masks and types are filled in, and said", async () => {
    writeFileSync(at("ids.npy"), writeNpy({ type: "int64", dims: [1, 3], data: BigInt64Array.of(2n, 100n, 3n) }));
    const { notices, inputs } = await json("explain", at("bag"), at("ids.npy"), ...explainBag);
    expect(notices).toContainEqual("input 'attention_mask' is filled in with ones");
    expect(notices).toContainEqual("input 'token_type_ids' is filled in with zeros");
    expect(inputs[0].relevance.dims).toEqual([3, 3]);
  });

  test("byte-level tokens: the thirds of a character are one word", async () => {
    const printable = (byte: number) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    let next = 256;
    const alphabet = Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++));
    mkdirSync(at("bytelevel"));
    const step = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
    const tokenizer = {
      version: "1.0",
      added_tokens: [],
      normalizer: null,
      pre_tokenizer: step,
      post_processor: null,
      decoder: step,
      model: { type: "BPE", vocab: Object.fromEntries(alphabet.map((character, id) => [character, id])), merges: [] },
    };
    writeFileSync(at("bytelevel/tokenizer.json"), JSON.stringify(tokenizer));
    const { tokens, words, texts } = (await openTokenizer(at("bytelevel/tokenizer.json"))).tokenize(["It's 😀"]);
    expect(tokens.map(({ id }) => id)).toEqual([...new TextEncoder().encode("It's 😀")]);
    expect(words.map(({ start, end }) => texts[0]!.slice(start, end))).toEqual(["It's", "😀"]);
    expect(tokens.map(({ word }) => word)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1]);
  });
});

describe("the bundled sentiment model", () => {
  const sentences: { text: string; sentiment: string }[] = JSON.parse(
    readFileSync(root("packages/backlit/test/data/sentences.json"), "utf8"),
  );

  test("tokens of forty sentences cover every letter, whatever the case", async () => {
    const { tokenize } = await openTokenizer(root("models/text-sentiment/tokenizer.json"));
    for (const { text } of sentences)
      for (const written of [text, text.toUpperCase()]) {
        const { words, tokens } = tokenize([written]);
        expect(words.map(({ start, end }) => written.slice(start, end)).join("")).toBe(written.replaceAll(" ", ""));
        expect(
          tokens
            .map(({ token }) => token.replace(/^##/, ""))
            .slice(1, -1)
            .join(""),
        ).toBe(text.replaceAll(" ", "").toLowerCase());
      }
  });

  test("the word that says it is the strongest, for the class it speaks for", async () => {
    const [good, bad] = ["I loved every minute of this charming story.", "A dull film."];
    const { inputs, explained } = await json("explain", "text-sentiment", good, bad, "--report", at("sentiment.html"));
    expect(explained).toEqual(["/word_embeddings/Gather_output_0"]);
    const strongest = inputs.map(({ words }: { words: { text: string; relevance: number }[] }) =>
      words.reduce((most, word) => (word.relevance > most.relevance ? word : most)),
    );
    expect(inputs.map(({ label }: { label: string }) => label)).toEqual(["positive", "negative"]);
    expect(["loved", "charming"]).toContain(strongest[0].text);
    expect(strongest[1].text).toBe("dull");
    expect(readFileSync(at("sentiment.html"), "utf8")).toMatch(/title="\+[\d.]+">dull</);
  });

  test("is right on most of the forty", async () => {
    const { inputs } = await json("explain", "text-sentiment", ...sentences.map(({ text }) => text));
    const right = inputs.filter(({ label }: { label: string }, i: number) => label === sentences[i]!.sentiment);
    expect(right.length).toBeGreaterThanOrEqual(36);
  });
});

describe("tables", () => {
  save(
    "columns.onnx",
    `g (float[N,1] age, float[N,1] income, float[N,1] height) => (float[N,2] y)
    <float[3,2] w = {1, -1, 2, 0.5, -3, 1}> { x = Concat <axis = 1> (age, income, height) y = MatMul (x, w) }`,
  );
  save("rows.onnx", "g (float[N,3] x) => (float[N,2] y) <float[3,2] w = {1, -1, 2, 0.5, -3, 1}> { y = MatMul (x, w) }");
  writeFileSync(at("t.csv"), '"a, b";width;c\n1;2;-0.5\n0,5;1;1\n'.replace("0,5", "0.5"));

  test("rows are samples, the header names the bars, strongest first", async () => {
    const { code, out } = await backlit("explain", at("rows.onnx"), at("t.csv"), "--heatmap", at("t.svg"), "--seed", "logit");
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}width +2 +│█+ +\+4\n {2}c +-0\.5 +│█+\S* +\+1\.5\n {2}a, b +1 +│█+\S* +\+1$/m);
    expect(readFileSync(at("t-1.svg"), "utf8")).toMatch(/^<svg [\s\S]*width = 2[\s\S]*\+4/);
    const { inputs } = await json("explain", at("rows.onnx"), at("t.csv"), "--seed", "logit");
    expect(inputs).toHaveLength(2);
    expect(inputs[0].features).toEqual([
      { name: "a, b", given: "1", relevance: expect.closeTo(1, 5) },
      { name: "width", given: "2", relevance: expect.closeTo(4, 5) },
      { name: "c", given: "-0.5", relevance: expect.closeTo(1.5, 5) },
    ]);
  });

  test("an input for every column: found by name, all explained", async () => {
    writeFileSync(at("people.csv"), "id,height,age,income\n7,-0.5,1,2\n");
    const { inputs, notices } = await json("explain", at("columns.onnx"), at("people.csv"), "--seed", "logit");
    expect(notices).toContainEqual(expect.stringMatching(/does not take id$/));
    expect(inputs[0].features).toEqual([
      { name: "age", given: "1", relevance: expect.closeTo(1, 5) },
      { name: "income", given: "2", relevance: expect.closeTo(4, 5) },
      { name: "height", given: "-0.5", relevance: expect.closeTo(1.5, 5) },
    ]);
  });
});

describe("series and bytes", () => {
  save(
    "series.onnx",
    `g (float[N,1,L] x) => (float[N,2] y) <float[2,1,3] k = {1, 2, 1, -1, 2, -1}> {
    z = Conv <pads = [1, 1]> (x, k) a = Relu (z) p = GlobalMaxPool (a) y = Flatten (p) }`,
  );
  save("bytes.onnx", "g (float[N,24] x) => (float[N,2] y) <float[24,2] w = random(5)> { y = MatMul (x, w) }");

  test("one column is a series; SVG, PNG and the terminal show it", async () => {
    writeFileSync(
      at("s.csv"),
      `volts\n${Array.from({ length: 3000 }, (_, i) => (i === 2000 ? 5 : Math.sin(i / 50))).join("\n")}\n`,
    );
    const { code, out } = await backlit("explain", at("series.onnx"), at("s.csv"), "--heatmap", at("s.svg"));
    expect(code).toBe(0);
    expect(out).toMatch(/most relevance at 1989-2019 \+\d/);
    expect(readFileSync(at("s.svg"), "utf8")).toMatch(/<path class="bl-p8"/);
    expect((await backlit("explain", at("series.onnx"), at("s.csv"), "--heatmap", at("s.png"))).code).toBe(0);
  });

  test("a file's bytes as a hex dump, padded and said; also where the preprocessor says bytes", async () => {
    writeFileSync(
      at("data.bin"),
      Uint8Array.from({ length: 20 }, (_, i) => i * 7),
    );
    const { code, out, err } = await backlit("explain", at("bytes.onnx"), "--bytes", at("data.bin"), "--heatmap", at("b.html"));
    expect(code).toBe(0);
    expect(err).toContain("is padded with 0: the model takes 24 bytes, it has 20");
    expect(out).toMatch(/^ {2}00000000 {2}00 07 0e 15.* {2}[+-]\S+$/m);
    expect(readFileSync(at("b.html"), "utf8")).toContain('<pre class="hex">');
    mkdirSync(at("bytes"));
    cpSync(at("bytes.onnx"), at("bytes/model.onnx"));
    writeFileSync(at("bytes/preprocessor_config.json"), JSON.stringify({ input_type: "bytes", rescale_factor: 0.5 }));
    const { inputs } = await json("explain", at("bytes"), at("data.bin"));
    expect(inputs[0].bytes).toMatchObject({ length: 20 });
  });
});

describe("what goes wrong", () => {
  writeFileSync(at("bad.csv"), "a,b,c\n1,x,3\n");
  writeFileSync(at("hole.csv"), "a,b,c\n1,,3\n");
  writeFileSync(at("wide.csv"), "a,b,c,d\n1,2,3,0\n");
  writeFileSync(at("ragged.csv"), "a,b,c\n1,2,3\n1,2\n");
  writeFileSync(at("age.npy"), writeNpy({ type: "float32", dims: [1, 1], data: Float32Array.of(1) }));
  save("nothing.onnx", bag());
  test.each<[string, 1 | 2, string[], RegExp]>([
    [
      "inputs missing, each listed",
      1,
      ["explain", at("columns.onnx"), at("age.npy")],
      /2 of the model's 3 inputs are missing .*age float N×1 given; income float N×1 missing.*--input income=file --input height=file/,
    ],
    [
      "no ids, though masks could be filled in",
      1,
      ["explain", at("bag"), "--input", `attention_mask=${at("ids.npy")}`, ...explainBag],
      /input_ids int64 N×L missing; attention_mask int64 N×L given/,
    ],
    ["a cell that is no number", 1, ["explain", at("rows.onnx"), at("bad.csv")], /'x' is no number .*row 1, column b/],
    ["a missing value", 1, ["explain", at("rows.onnx"), at("hole.csv")], /a value is missing .*row 1, column b/],
    ["a column too many", 1, ["explain", at("rows.onnx"), at("wide.csv")], /4 columns.*takes 3 features.*--label NAME/],
    ["rows of different lengths", 1, ["explain", at("rows.onnx"), at("ragged.csv")], /not a table .*line 3/i],
    ["text without a tokenizer", 1, ["explain", at("nothing.onnx"), "a dull film", ...explainBag], /no tokenizer\.json/],
    [
      "pairs that do not match",
      2,
      ["explain", at("bag"), "a", "b", "c", "--text-pair", "x", "--text-pair", "y", ...explainBag],
      /2 --text-pair for 3 texts/,
    ],
    ["bytes for a picture model", 1, ["explain", "digits", "--bytes", at("bad.csv")], /takes no bytes/],
  ])("%s", async (_, code, argv, message) => {
    const ran = await backlit(...argv);
    expect(ran.err).toMatch(message);
    expect(ran.err).toMatch(/^backlit: [^\n]+\n$/);
    expect(ran).toMatchObject({ code, out: "" });
  });
});
