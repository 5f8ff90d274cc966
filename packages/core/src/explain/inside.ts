/** What a method may see and feed of the model's inside. */
import { planModel } from "../compile/index.ts";
import { sizeOf } from "../graph/facts.ts";
import { producersOf } from "../graph/producers.ts";
import type { Inside } from "../methods/index.ts";
import type { NodeProto } from "../onnx/proto.ts";
import type { Oracle } from "../oracle/oracle.ts";
import { ownRows } from "../oracle/rows.ts";
import type { Step } from "../plan/index.ts";
import { elementKinds } from "../reading/element-kinds.ts";
import type { FloatTensor } from "../tensor/float.ts";
import type { LoadedModel } from "./loaded.ts";
import type { Opened } from "./open-model.ts";

/** The plan of LRP: layers with their biases and batch norms, activations spelled out in several nodes as one. */
export const insideOf = (lit: LoadedModel, explained: string, opened: Opened): Inside => {
  const { reading, plan } = opened;
  const { start, output, samples } = plan;
  const facts = lit.traced.ownFacts();
  let kinds: ReturnType<typeof elementKinds> | undefined;
  let made: ReadonlyMap<string, NodeProto> | undefined;
  let steps: readonly Step[] | undefined;
  return {
    explained,
    start,
    get steps() {
      const recipe = { rules: [], explain: [explained], output, onUnsupported: "detach" } as const;
      steps ??= planModel(lit.traced, recipe, lit.options).plan.steps;
      return steps;
    },
    shape: (name) => facts.shape(name),
    producer: (value) => {
      made ??= producersOf(lit.traced.graph.nodes);
      return made.get(value);
    },
    constant: (value) => (facts.isConstant(value) ? facts.numbers(value) : undefined),
    isFloat: (value) => {
      kinds ??= elementKinds(lit.traced.graph);
      return kinds.get(value) === "float";
    },
    columns: (value) => columnsIn(value, lit, opened),
    axes: (name) => {
      const axes = reading.axes.of(name);
      const batch = samples.independent ? (samples.of(name) ?? 0) : undefined;
      return axes?.filter((_, axis) => axis !== batch);
    },
  };
};

/** By the columns of the inputs that both are made of. */
const columnsIn = (value: string, lit: LoadedModel, { values, reading, plan }: Opened): readonly number[][] | undefined => {
  const inputs = new Set(lit.traced.graph.inputs.map(({ name }) => name));
  const widthOf = (name: string) => sizeOf((lit.facts.shapes.get(name) ?? []).slice(1)) ?? 0;
  const keys = (name: string): readonly string[] | undefined =>
    inputs.has(name)
      ? Array.from({ length: widthOf(name) }, (_, column) => `${name}:${column}`)
      : reading.features([name])[name]?.map(({ input, column }) => `${input}:${column ?? 0}`);
  if (values.length === 1 && value === plan.explained[0]) return Array.from({ length: widthOf(value) }, (_, column) => [column]);
  const places = values.flatMap((name) => keys(name) ?? Array.from({ length: widthOf(name) }, (_, k) => `${name}:${k}`));
  return keys(value)?.map((key) => places.flatMap((place, k) => (place === key ? [k] : [])));
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
