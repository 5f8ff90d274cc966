/** One net in two orders of axes: every method gives the same numbers, transposed. */
import { describe, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/runtime/node.ts";
import { load } from "../../src/explain/index.ts";
import { compiledCards } from "../../src/methods/compiled-cards.ts";
import { type FloatTensor, methods } from "../../src/methods/index.ts";
import { encodeModelBytes } from "../../src/onnx/index.ts";
import { arranged, restored } from "../../src/reading/index.ts";
import { expectTransposed, NETS } from "../support/layouts.ts";
import { model } from "../support/run.ts";

const open = async (text: string) => load(encodeModelBytes(model(text)), { runtime: await nodeRuntime() });

/** Cheap enough for a test; what is drawn is drawn. */
const FEW: Readonly<Record<string, Record<string, string | number>>> = {
  rise: { masks: 40 },
  "kernel-shap": { samples: 60 },
  lime: { samples: 60 },
  shapley: { permutations: 4 },
  smoothgrad: { samples: 4 },
  "smoothgrad-squared": { samples: 4 },
  vargrad: { samples: 4 },
  "integrated-gradients": { steps: 6, baseline: "blur:2" },
  "expected-gradients": { samples: 6 },
  "activation-maximization": { steps: 3 },
};
/** Of attention, which these nets do not have. */
const APART = ["attention", "uncertainty"];

const names = [
  ...Object.values(methods)
    .filter(({ card }) => !APART.includes(card.family))
    .map(({ card }) => card.name),
  ...compiledCards.map(({ name }) => name),
];

describe.each(Object.entries(NETS))("%s", (_, net) => {
  test.each(names)("%s", async (method) => {
    await using first = await open(net.first);
    await using last = await open(net.last);
    const options = { method, target: 1, params: FEW[method] ?? {} };
    const one = await first.explain(net.x, options);
    const other = await last.explain(restored(net.x, net.order), options);
    expectTransposed(arranged(other.relevance as FloatTensor, net.order), one.relevance);
    if (one.spread) expectTransposed(arranged(other.spread as FloatTensor, net.order), one.spread);
    for (const [i, { values }] of (one.frames ?? []).entries())
      expectTransposed(arranged(other.frames![i]!.values, net.order), values);
  });
});
