/** What a method may see and feed of the model's inside. */
import { planModel } from "../compile/index.ts";
import type { Inside } from "../methods/index.ts";
import type { Oracle } from "../oracle/oracle.ts";
import { ownRows } from "../oracle/rows.ts";
import type { Step } from "../plan/index.ts";
import type { FloatTensor } from "../tensor/float.ts";
import type { LoadedModel } from "./loaded.ts";
import type { Opened } from "./open-model.ts";

/** The plan of LRP: layers with their biases and batch norms, activations spelled out in several nodes as one. */
export const insideOf = (lit: LoadedModel, explained: string, { reading, plan }: Opened): Inside => {
  const { start, output, samples } = plan;
  let steps: readonly Step[] | undefined;
  return {
    explained,
    start,
    get steps() {
      const recipe = { rules: [], explain: [explained], output, onUnsupported: "detach" } as const;
      steps ??= planModel(lit.traced, recipe, lit.options).plan.steps;
      return steps;
    },
    shape: (name) => lit.facts.shapes.get(name),
    axes: (name) => {
      const axes = reading.axes.of(name);
      const batch = samples.independent ? (samples.of(name) ?? 0) : undefined;
      return axes?.filter((_, axis) => axis !== batch);
    },
  };
};

/** An inner value of every sample. */
export const valueAt = async (oracle: Oracle, value: string): Promise<FloatTensor> => {
  let tensor: FloatTensor | undefined;
  await oracle.scores(
    ownRows(oracle.options.x),
    (n, { values }) => {
      const { data, dims } = values[value]!;
      tensor ??= { type: "float32", dims: [oracle.samples, ...dims], data: new Float32Array(oracle.samples * data.length) };
      tensor.data.set(data, n * data.length);
    },
    [value],
  );
  return tensor!;
};
