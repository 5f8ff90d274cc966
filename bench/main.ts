import { compileModel, encodeModelBytes, type Recipe, trace } from "@backlit/core";
import { nodeRuntime } from "../packages/backlit/src/runtime/node.ts";
import { compare, running } from "./measure.ts";
import { Random } from "./models/random.ts";
import { resnet50 } from "./models/resnet50.ts";
import { vgg16 } from "./models/vgg16.ts";

const BOX = { low: -2, high: 2 };
const RECIPES: Record<string, Recipe> = {
  gradient: { method: "gradient" },
  epsilon: { composite: { name: "epsilon" } },
  "epsilon-plus": { composite: { name: "epsilon-plus" } },
  "epsilon-plus-flat": { composite: { name: "epsilon-plus-flat" } },
  "epsilon-alpha2-beta1-flat": { composite: { name: "epsilon-alpha2-beta1-flat" } },
  "epsilon-gamma-box": { composite: { name: "epsilon-gamma-box", params: BOX } },
  "gamma-depth": { composite: { name: "gamma-depth" } },
};

/** Minimal for now: forward against artefacts. */
export const main = async (args: string[]): Promise<number> => {
  const only = args[args.indexOf("--only") + 1];
  const runtime = await nodeRuntime();
  for (const [name, make] of Object.entries({ resnet50, vgg16 })) {
    if (args.includes("--only") && only !== name) continue;
    const model = make();
    const facts = await trace(model, runtime);
    const feeds = { input: { type: "float32", dims: [1, 3, 224, 224], data: new Random(1).uniform(3 * 224 * 224, 2) } } as const;
    const forward = await runtime.createSession(encodeModelBytes(model));
    for (const [label, recipe] of Object.entries(RECIPES)) {
      const start = performance.now();
      const compiled = compileModel(model, facts, recipe);
      const ms = performance.now() - start;
      const session = await runtime.createSession(encodeModelBytes(compiled.model));
      const { a, b, ratio } = await compare(running(forward, feeds), running(session, feeds), 11);
      await session.release();
      console.log(
        `${name} ${label.padEnd(26)} ${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)})  forward ${a.median.toFixed(0)} ms, artefact ${b.median.toFixed(0)} ms, compile ${ms.toFixed(0)} ms`,
      );
    }
    await forward.release();
  }
  return 0;
};
