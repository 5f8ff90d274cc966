/** A language model of many tokens and a large vocabulary through the command: one token explained must not cost what all of them do. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeModelBytes, parseModel, writeNpy } from "@backlit/core";
import { inChild } from "./child.ts";
import type { Row } from "./report.ts";

const [TOKENS, VOCABULARY, WIDTH] = [1024, 32_000, 64];
/** Peak memory over that of a forward pass. */
const BUDGET = 3;

/** One causal layer, narrow: nearly all of its memory is the logits, [1, tokens, vocabulary]. */
const decoder = `decoder (int64[N,S] input_ids) => (float[N,S,${VOCABULARY}] logits) <
  float[${VOCABULARY},${WIDTH}] table = random(1), float[${WIDTH},${WIDTH}] q = random(2), float[${WIDTH},${WIDTH}] v = random(3), float[${WIDTH},${VOCABULARY}] head = random(4),
  int64[1] one = {1}, int64[1] three = {3}, int64 next = {1}, float unit = {1}, float far = {-1000}> {
  e = Gather(table, input_ids) kt = Transpose <perm=[0,2,1]> (e) eq = MatMul(e, q) s = MatMul(eq, kt)
  shape = Shape(s) square = Slice(shape, one, three) ones = Expand(unit, square) above = Trilu <upper=1> (ones, next) off = Mul(above, far)
  masked = Add(s, off) a = Softmax(masked) values = MatMul(e, v) h = MatMul(a, values) r = Add(e, h) logits = MatMul(r, head) }`;

/** Throws when a step fails. */
export const vocabulary = async (onRow: (row: Row) => void): Promise<void> => {
  const dir = await mkdtemp(join(tmpdir(), "backlit-vocabulary-"));
  const network = `decoder, ${TOKENS} tokens of ${VOCABULARY}`;
  const say = (what: string, value: number, unit: Row["unit"], budget?: number) =>
    onRow({ network, what, unit, value, ...(budget !== undefined && { budget }) });
  try {
    const [model, ids, artefact] = ["model.onnx", "ids.npy", "artefact.onnx"].map((name) => join(dir, name)) as [
      string,
      string,
      string,
    ];
    await writeFile(model, encodeModelBytes(parseModel(decoder)));
    const data = BigInt64Array.from({ length: TOKENS }, (_, i) => BigInt((i * 7919) % VOCABULARY));
    await writeFile(ids, writeNpy({ type: "int64", dims: [1, TOKENS], data }));
    const { peak: forward } = await inChild("feed", JSON.stringify([model, ids]));
    say("peak memory, forward", forward, "MB");
    const steps: readonly (readonly [string, readonly string[]])[] = [
      ["explain, when nobody says", ["explain", model, ids, "--json"]],
      ["explain --target 5@position:7", ["explain", model, ids, "--target", "5@position:7", "--json"]],
      ["explain --target span:1000..1003", ["explain", model, ids, "--target", "span:1000..1003", "--json"]],
      ["compile --target 5@position:7", ["compile", model, "-o", artefact, "--target", "5@position:7", "--json"]],
    ];
    for (const [what, args] of steps) {
      const { code, err, peak, ms } = await inChild("command", JSON.stringify(args));
      if (code !== 0) throw new Error(`${what}: ${err}`);
      say(`${what}, time`, ms, "ms");
      say(`${what}, peak memory`, peak / forward, "×", BUDGET);
    }
    const { peak } = await inChild("feed", JSON.stringify([artefact, ids]));
    say("running the artefact, peak memory", peak / forward, "×", BUDGET);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
};
