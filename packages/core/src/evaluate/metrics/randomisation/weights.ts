/** A model some of whose layers have forgotten what they learnt. */
import type { MethodParameter } from "../../../cards/parameters.ts";
import type { Random } from "../../../numeric/random.ts";
import type { ExternalData } from "../../../onnx/external.ts";
import { DataType, type ModelProto, type TensorProto } from "../../../onnx/proto.ts";
import { floatTensor, readFloats } from "../../../onnx/tensors.ts";

export const WEIGHTS: MethodParameter = {
  what: "normal: weights of a tensor are drawn from a normal distribution with mean 0 and the tensor's own standard deviation; permutation: its values in a random order",
  default: "normal",
  choices: ["normal", "permutation"],
};

/** Keys of the random numbers of this family. */
const WEIGHT_KEY = 71;
export const [NOISE_KEY, CLASS_KEY, VECTOR_KEY] = [72, 73, 74];

export interface Forgetting {
  /** Names of the weights by layer, and which layers are drawn anew. */
  readonly layers: readonly (readonly string[])[];
  readonly chosen: readonly number[];
  readonly how: string;
  readonly random: Random;
  readonly draw: number;
}

/** A layer gets the same numbers whichever other layers are chosen. A tensor of several layers belongs to the first. */
export const forget =
  ({ layers, chosen, how, random, draw }: Forgetting) =>
  (model: ModelProto, external?: ExternalData): ModelProto => {
    const streams = new Map(
      layers.flatMap((names, layer) => names.map((name, i) => [name, [draw, layer, i, WEIGHT_KEY]] as const)).reverse(),
    );
    const anew = new Set(chosen.flatMap((layer) => layers[layer]!));
    const redrawn = (tensor: TensorProto): TensorProto => {
      if (!anew.has(tensor.name) || tensor.dataType !== DataType.FLOAT) return tensor;
      const old = readFloats(tensor, external);
      const stream = random.stream(...streams.get(tensor.name)!);
      if (how === "permutation") {
        const order = stream.permutation(old.length);
        return floatTensor(
          tensor.name,
          tensor.dims,
          Float32Array.from(order, (i) => old[i]!),
        );
      }
      const deviation = deviationOf(old);
      return floatTensor(
        tensor.name,
        tensor.dims,
        Float32Array.from(old, () => deviation * stream.normal()),
      );
    };
    return { ...model, graph: { ...model.graph, initializer: model.graph.initializer.map(redrawn) } };
  };

const deviationOf = (values: ArrayLike<number>): number => {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  const mean = sum / values.length;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - mean) ** 2;
  return Math.sqrt(squares / values.length);
};
