/** Sizes of values inside in one run, where tracing left some of them free. */
import type { Shape } from "../../graph/facts.ts";
import type { ModelProto } from "../../onnx/proto.ts";
import type { SamplesReading } from "../../reading/index.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { LoadedModel } from "../loaded.ts";

/** `feeds`: what the model is given in this run. A value whose sizes the batch does not settle is asked for its shape by a run. */
export const sizesIn =
  (lit: LoadedModel, feeds: Readonly<Record<string, Tensor>>, samples: SamplesReading) =>
  async (value: string): Promise<readonly number[]> => {
    const shape: Shape = lit.facts.shapes.get(value) ?? [null, null];
    const own = samples.of(value);
    const count = Object.entries(feeds).flatMap(([name, { dims }]) => dims[samples.of(name) ?? -1] ?? [])[0];
    const known = shape.map((size, axis) => size ?? (axis === own ? count : undefined));
    if (known.every((size) => size !== undefined)) return known;
    const session = await lit.session(`shape of ${value}`, () => withShape(lit.model, value));
    return Array.from((await session.run(feeds))[SHAPE]!.data as BigInt64Array, Number);
  };

const SHAPE = "backlit:shape";

const withShape = (model: ModelProto, value: string): ModelProto => ({
  ...model,
  graph: {
    ...model.graph,
    node: [...model.graph.node, { opType: "Shape", domain: "", name: SHAPE, input: [value], output: [SHAPE], attribute: [] }],
    output: [{ name: SHAPE }],
  },
});
