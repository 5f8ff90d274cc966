/** Masks as inputs of the artefact: one factor a channel, or one an element. */
import type { Facts } from "../graph/facts.ts";
import { DataType } from "../onnx/proto.ts";
import type { SamplesReading } from "../reading/index.ts";
import { type ChannelsOf, channelAxes } from "./channel-axes.ts";
import type { Ports } from "./ports.ts";

export interface MaskOf extends ChannelsOf {
  /** One factor for each element, in the value's shape. Default: one for each channel, [N, C]. */
  readonly positions?: boolean;
}

interface MaskInputs {
  /** By value: the artefact's input. */
  readonly inputs: Readonly<Record<string, string>>;
  /** By the value that carries the relevance: the factor. */
  readonly factors: ReadonlyMap<string, string>;
}

interface Known {
  readonly facts: Facts;
  readonly samples: SamplesReading;
  carrier(name: string): string;
}

/** float32 inputs `mask@VALUE`. Errors: BadRecipe (`channelAxes`). */
export const maskInputs = (ports: Ports, masks: readonly MaskOf[], { carrier, ...known }: Known): MaskInputs => {
  const inputs: Record<string, string> = {};
  const factors = new Map<string, string>();
  for (const mask of masks) {
    const name = carrier(mask.value);
    const factor = mask.positions
      ? ofElements(ports, mask, known.facts.shapeOf(name))
      : ofChannels(ports, mask, { name, ...known });
    const before = factors.get(name);
    inputs[mask.value] = factor.input;
    factors.set(name, before === undefined ? factor.factor : ports.g.mul(before, factor.factor));
  }
  return { inputs, factors };
};

const ofElements = (ports: Ports, { value }: MaskOf, shape: readonly (number | null)[]) => {
  const input = ports.input(ports.claim(`mask@${value}`), DataType.FLOAT, shape);
  return { input, factor: input };
};

const ofChannels = (ports: Ports, mask: MaskOf, of: { readonly name: string } & Omit<Known, "carrier">) => {
  const { g } = ports;
  const { channels, samples, rank } = channelAxes(mask, of);
  const shape = of.facts.shapeOf(of.name);
  const count = samples === undefined ? 1 : (shape[samples] ?? null);
  const input = ports.input(ports.claim(`mask@${mask.value}`), DataType.FLOAT, [count, shape[channels] ?? null]);
  if (samples === undefined) {
    const sizes = Array.from({ length: rank }, (_, axis) => (axis === channels ? -1 : 1));
    return { input, factor: g.op("Reshape", [input, g.ints(sizes)]) };
  }
  const others = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => axis !== channels && axis !== samples);
  const ordered = samples < channels ? input : g.transpose(input, [1, 0]);
  return { input, factor: others.length === 0 ? ordered : g.op("Unsqueeze", [ordered, g.ints(others)]) };
};
