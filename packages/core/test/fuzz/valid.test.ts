/**
 * Random networks, every way of explaining them. Whatever the network, an artefact loads and runs at every size of its batch; its
 * outputs are the original's; relevance is finite; samples of a batch do not see each other; the ledger balances; the same bytes are
 * written twice. What cannot be explained says so.
 *
 * `FUZZ_RUNS=2000 FUZZ_SEED=1 npx vitest run packages/core/test/fuzz` looks harder.
 */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { type Compiled, compileModel } from "../../src/compile/index.ts";
import { mapsAxis } from "../../src/emit/index.ts";
import { isBacklitError } from "../../src/errors.ts";
import { readLedgers } from "../../src/explain/ledger.ts";
import { prepare } from "../../src/lower/prepare.ts";
import { decodeModel } from "../../src/onnx/decode.ts";
import { encodeModelBytes } from "../../src/onnx/encode.ts";
import type { Session } from "../../src/runtime/runtime.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { norm } from "../support/compare.ts";
import { type Feeds, floats, ints, noise, numbers } from "../support/run.ts";
import { fuzz } from "./fuzz.ts";
import { type Case, network } from "./graphs.ts";
import { type Asked, question } from "./question.ts";

type Out = Record<string, Tensor>;

/** Which sample of a batch. */
const sampleOf = (tensor: Tensor, i: number): number[] => {
  const size = tensor.data.length / tensor.dims[0]!;
  return numbers(tensor).slice(i * size, (i + 1) * size);
};
const finite = (values: readonly number[]) => values.every(Number.isFinite);
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((total, v, i) => total + v * b[i]!, 0);
const distance = (a: readonly number[], b: readonly number[]) => norm(a.map((v, i) => v - b[i]!));
const shaken = (feeds: Feeds): Feeds =>
  Object.fromEntries(
    Object.entries(feeds).map(([name, t]) => [
      name,
      floats(
        t.dims,
        numbers(t).map((v, i) => v * (1 + ((i % 3) - 1) * 3e-7)),
      ),
    ]),
  );

/** How far results may be apart: some 1e-5, or what tiny changes of the input do to them. */
const close = (
  got: readonly number[],
  want: readonly number[],
  moved: readonly number[],
  what: string,
  tolerance: number,
): void => {
  expect(got.length, what).toBe(want.length);
  if (!finite(want) || !finite(moved)) return;
  const allowed = tolerance * (Math.max(1e-3, tolerance) + norm(want)) + 30 * distance(moved, want);
  expect(distance(got, want), `${what}: got ${got.slice(0, 8)} want ${want.slice(0, 8)}`).toBeLessThanOrEqual(allowed);
};

/** The same tag and one line, or it is no error of backlit's. */
const tagged = (error: unknown): void => {
  if (!isBacklitError(error) || error._tag === "Runtime") throw error;
  expect(error.message).not.toContain("\n");
};

const withTarget = (feeds: Feeds, { names, plan, canonical }: Compiled): Feeds => {
  if (!names.targetInput) return feeds;
  const batch = Object.values(feeds)[0]!.dims[0]!;
  const rank = canonical.facts.rank(plan.start);
  const width = Math.max(1, rank - 1);
  return { ...feeds, [names.targetInput]: ints(width > 1 ? [batch, width] : [batch], new Array(batch * width).fill(0)) };
};

const checkArtefact = async (c: Case, original: Session, compiled: Compiled, bytes: Uint8Array, asked: Asked): Promise<void> => {
  const runtime = await nodeRuntime();
  await using session = await runtime.createSession(bytes, { threads: 1 });
  const { names } = compiled;
  const wanted = original.outputNames;
  const maps = Object.values(names.relevance);
  const explained: Out[] = [];
  for (const [batch, length] of [
    [2, 5],
    [1, 3],
    [3, 7],
  ] as const) {
    const feeds = c.feeds(batch, length);
    const [want, moved] = [await original.run(feeds), await original.run(shaken(feeds))];
    const out = await session.run(withTarget(feeds, compiled));
    explained.push(out);
    for (const name of wanted) {
      expect(out[name]!.dims, name).toEqual(want[name]!.dims);
      close(
        numbers(out[name]),
        numbers(want[name]),
        numbers(moved[name]),
        `output ${name} at ${batch}, ${length}`,
        /uantizeLinear/.test(c.text) ? 0.2 : 1e-5,
      );
    }
    const value = numbers(want[c.output]);
    if (finite(value) && Math.max(...value.map(Math.abs)) < 1e6)
      for (const name of maps) expect(finite(numbers(out[name])), `${name} is finite`).toBe(true);
  }
  const [two] = explained as [Out];
  const feeds = c.feeds(2, 5);
  const again = await session.run(withTarget(shaken(feeds), compiled));
  if (c.freeBatch && two[c.output]!.dims[0] === 2)
    for (const i of [0, 1]) {
      const single = Object.fromEntries(
        Object.entries(feeds).map(([name, t]) => [name, floats([1, ...t.dims.slice(1)], sampleOf(t, i))]),
      );
      const alone = await session.run(withTarget(single, compiled));
      for (const name of maps)
        close(
          sampleOf(two[name]!, i),
          numbers(alone[name]),
          sampleOf(again[name]!, i).map((v, k) => v - sampleOf(two[name]!, i)[k]! + numbers(alone[name])[k]!),
          `${name} of sample ${i} alone`,
          1e-4,
        );
    }
  if (asked.ledger && names.ledger) {
    const table = two[names.ledger]!;
    const arrived = Object.fromEntries(Object.entries(names.relevance).map(([value, name]) => [value, two[name]!]));
    for (const ledger of readLedgers(table, compiled.ledgerRows, {
      maps: arrived,
      samples: compiled.samples,
      classAxis: (name) => mapsAxis(compiled.plan, name),
    })) {
      const worst = [...ledger.entries].sort((a, b) => Math.abs(b.rest) - Math.abs(a.rest))[0]!;
      expect(Math.abs(ledger.rest), `ledger: seed ${ledger.seed}, worst ${JSON.stringify(worst)}`).toBeLessThanOrEqual(
        5 * ledger.tolerance + 1e-6,
      );
    }
  }
};

describe("random networks", () => {
  test("explained in every way", async () => {
    await fuzz(
      fc.tuple(network({ odd: true }), fc.array(question, { minLength: 1, maxLength: 3 })),
      15,
      async ([c, questions]) => {
        const runtime = await nodeRuntime();
        const source = encodeModelBytes(c.model);
        let original: Session;
        try {
          original = await runtime.createSession(source, { threads: 1 });
          await original.run(c.feeds(2, 5));
        } catch {
          return; // no valid model after all
        }
        try {
          const prepared = await prepare(decodeModel(source), runtime);
          for (const asked of questions) {
            let compiled: Compiled;
            try {
              compiled = compileModel(prepared, asked.recipe, asked);
            } catch (error) {
              tagged(error);
              continue;
            }
            const bytes = encodeModelBytes(compiled.model);
            expect(encodeModelBytes(compileModel(prepared, asked.recipe, asked).model)).toEqual(bytes);
            try {
              await checkArtefact(c, original, compiled, bytes, asked);
            } catch (error) {
              (error as Error).message = `${JSON.stringify(asked)}\n${c.text}\n${(error as Error).message}`;
              throw error;
            }
          }
        } catch (error) {
          tagged(error);
        } finally {
          await original.release();
        }
      },
    );
  });

  test("the gradient of smooth networks is what small steps say", async () => {
    await fuzz(network({ smooth: true, most: 6 }), 12, async (c) => {
      const runtime = await nodeRuntime();
      const feeds = c.feeds(2, 5);
      const prepared = await prepare(c.model, runtime);
      let compiled: Compiled;
      try {
        compiled = compileModel(prepared, { method: "gradient", seed: "vector", output: c.output });
      } catch (error) {
        return tagged(error);
      }
      await using original = await runtime.createSession(encodeModelBytes(prepared.model), {
        threads: 1,
        optimization: "disabled",
      });
      await using session = await runtime.createSession(encodeModelBytes(compiled.model), { threads: 1 });
      const y = (await original.run(feeds))[c.output]!;
      const seed = noise(y.dims, 8);
      const out = await session.run({ ...feeds, [compiled.names.seedInput!]: seed });
      const scoreAt = (at: Out) => dot(numbers(at[c.output]), numbers(seed));
      for (const [name, relevance] of Object.entries(compiled.names.relevance)) {
        const gradient = numbers(out[relevance]);
        const x = numbers(feeds[name]);
        // Along the gradient itself, and along noise.
        for (const along of [gradient, numbers(noise([gradient.length], 3))]) {
          const length = norm(along);
          if (length === 0) continue;
          const at = async (h: number) =>
            scoreAt(
              await original.run({
                ...feeds,
                [name]: floats(
                  feeds[name]!.dims,
                  x.map((v, i) => v + (h * along[i]!) / length),
                ),
              }),
            );
          const h = 2 ** -5;
          const slope = (8 * ((await at(h)) - (await at(-h))) - ((await at(2 * h)) - (await at(-2 * h)))) / (12 * h);
          const coarse = ((await at(h)) - (await at(-h))) / (2 * h); // how far the next order is off
          const size = norm(numbers(y)) * norm(numbers(seed));
          const allowed = 3e-3 * norm(gradient) + 0.3 * Math.abs(slope - coarse) + (1e-5 * size) / h;
          const want = dot(gradient, along) / length;
          expect(Math.abs(want - slope), `${name}: ${want}, by steps ${slope}\n${c.text}`).toBeLessThanOrEqual(allowed);
        }
      }
    });
  });
});
