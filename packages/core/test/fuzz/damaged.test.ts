/** Damaged models, from bytes to relevance: it works, or one line says what is wrong; never anything else, and never late. */
import { writeFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { isBacklitError } from "../../src/errors.ts";
import { load } from "../../src/explain/index.ts";
import { encodeModelBytes } from "../../src/onnx/encode.ts";
import { fuzz } from "./fuzz.ts";
import { network } from "./graphs.ts";
import { damaged } from "./mutations.ts";
import { question } from "./question.ts";

/** Milliseconds, on a busy machine. */
const LONG = 15_000;

const oneLine = (error: unknown): void => {
  if (!isBacklitError(error)) throw error;
  const { what, where, why, fix } = error.parts;
  expect(error.message).not.toContain("\n");
  expect(error.message.length).toBeLessThan(1500);
  expect(what).not.toBe("");
  expect(where ?? why ?? fix, error.message).toBeTruthy();
};

test("damaged models", async () => {
  const cases = network({ most: 4 }).chain((c) => fc.tuple(fc.constant(c), damaged(c.model), question));
  await fuzz(cases, 60, async ([c, { damage, model }, { recipe, target, ledger }]) => {
    const started = performance.now();
    // Native code may take the process with it: what was tried last.
    if (process.env.FUZZ_LAST)
      writeFileSync(process.env.FUZZ_LAST, `${damage.join("; ")}\n${JSON.stringify({ recipe, target, ledger })}\n${c.text}`);
    try {
      const bytes = encodeModelBytes(model);
      await using lit = await load(bytes, { runtime: await nodeRuntime(), sha256: async () => "" });
      const chosen = target.kind === "index" ? target.index[0]! : target.kind === "top" ? "top:2" : "top";
      const { relevance } = await lit.explain(c.feeds(2, 5), { ...recipe, target: chosen, ledger });
      expect(relevance.data.length).toBe(relevance.dims.reduce((a, b) => a * b, 1));
    } catch (error) {
      try {
        oneLine(error);
        if (process.env.FUZZ_SHOW) console.log(`${damage[0]?.replace(/ [\d,]+$/, "")} → ${(error as Error).message}`);
      } catch (strange) {
        (strange as Error).message = `${damage.join("; ")}\n${c.text}\n${(strange as Error).message}`;
        throw strange;
      }
    }
    expect(performance.now() - started, `${damage.join("; ")}\n${c.text}\n`).toBeLessThan(LONG);
  });
});
