/** Deep networks: accounts that cost the runtime the square of their nodes are kept where somebody asks for them. */
import { writeFileSync } from "node:fs";
import { encodeModelBytes, parseModel, writeNpy } from "@backlit/core";
import { explainJob, silent } from "@backlit/workbench";
import { expect, test } from "vitest";
import { nodeHost } from "../src/host/index.ts";
import { at } from "./cli.ts";

const chain = (length: number): string => {
  const nodes = Array.from({ length }, (_, i) => `h${i + 1} = Tanh(h${i})`);
  const text = `<ir_version: 8, opset_import: ["": 17]> net (float[N,4] x) => (float[N,3] y)
    <float[4,3] v = random(1)> { h0 = Identity(x) ${nodes.join(" ")} y = MatMul(h${length}, v) }`;
  writeFileSync(at(`chain-${length}.onnx`), encodeModelBytes(parseModel(text)));
  return at(`chain-${length}.onnx`);
};

test.each([
  [20, false, true],
  [1600, false, false],
  [1600, true, true],
])("%i nodes, a ledger asked for: %s", async (length, ledger, kept) => {
  writeFileSync(at("x.npy"), writeNpy({ type: "float32", dims: [1, 4], data: Float32Array.of(0.5, -1, 2, 0.1) }));
  const notes: string[] = [];
  const listener = { ...silent, note: (text: string) => void notes.push(text) };
  const request = { v: 1, model: chain(length), inputs: [at("x.npy")], recipe: { method: "lrp" }, ledger } as const;
  const { rows } = await explainJob(request, { host: nodeHost({ here: true }), listener });
  expect(rows[0]!.maps[0]!.ledger !== undefined).toBe(kept);
  expect(notes.some((text) => text.startsWith("no ledger is kept"))).toBe(!kept);
});
