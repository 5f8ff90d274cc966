/**
 * A model that takes the bytes of a picture: what a preprocessor does, as ordinary nodes in front of the input that took its result. uint8
 * [N, H, W, C] goes in, red first, as decoders give it; the model's own input becomes a value of the graph, of the same name, and what an
 * artefact says of it (its relevance) stays where it was.
 */
import { fail } from "../errors.ts";
import { Builder } from "../graph/builder.ts";
import { Facts } from "../graph/facts.ts";
import { graphOf } from "../graph/graph.ts";
import type { Preprocessor } from "../input/index.ts";
import { DataType, type Dim, type ModelProto, type ValueInfoProto } from "../onnx/proto.ts";
import { resampled } from "./resampling.ts";

/** Where a model says what was put in front of it: `PixelsTaken` as JSON. */
export const PREPROCESS_KEY = "backlit.preprocess";

/** Plain data. */
export interface PixelsTaken {
  /** The new input: uint8 [N, H, W, C]. */
  readonly input: string;
  /** The model's own input, float [N, C, H, W] or [N, H, W, C], now a value inside. */
  readonly value: string;
  /** What is still to be done to a picture before it is fed; null for either step that is in the graph, or not there. */
  readonly before: Pick<Preprocessor, "resize" | "crop">;
  /** What the graph does: (v · scale + offset − mean) / std by channel, in the model's order. */
  readonly inside: Omit<Preprocessor, "notices">;
}

export interface PixelOptions {
  /** The input that takes pictures. */
  readonly input: string;
  /** Resizing and cropping happen in the graph too, so that pictures of any size are taken. Default false: pictures come at the model's size. */
  readonly resize?: boolean;
}

/**
 * The model with the preprocessing in it; nothing else of it changes. Its metadata says what was done. Values are those of `preprocess` to the
 * last bit. Errors: BadRecipe for an input that is not there.
 */
export const takingPixels = (
  model: ModelProto,
  preprocessor: Preprocessor,
  { input, resize = false }: PixelOptions,
): { readonly model: ModelProto; readonly taken: PixelsTaken } => {
  const { graph } = model;
  const own = graph.input.find(({ name }) => name === input);
  if (own === undefined)
    throw fail("BadRecipe", {
      what: `the model has no input '${input}'`,
      fix: `its inputs are ${graph.input.map(({ name }) => name).join(", ")}`,
    });
  const { notices: _, ...steps } = preprocessor;
  const names = namesOf(model);
  const name = unused("pixels", names);
  const empty = new Facts(graphOf(model), { shapes: new Map(), values: new Map(), types: new Map(), notices: [] });
  const g = new Builder(empty, [...names, name], "pixels");
  const frame = { resize: steps.resize, crop: steps.crop };
  const value = prepared(g, name, steps, resize ? frame : undefined);
  const { elemType = DataType.FLOAT } = own.type?.tensorType ?? {};
  g.nodes.push({
    ...{ opType: elemType === DataType.FLOAT ? "Identity" : "Cast", domain: "", name: g.name("prepared"), input: [value] },
    ...{ output: [input], attribute: elemType === DataType.FLOAT ? [] : [{ name: "to", type: 2, i: elemType }] },
  });
  const nothing = { resize: null, crop: null };
  const taken: PixelsTaken = {
    ...{ input: name, value: input },
    before: resize ? nothing : frame,
    inside: { ...steps, ...(!resize && nothing) },
  };
  return {
    model: {
      ...model,
      metadataProps: [...model.metadataProps, { key: PREPROCESS_KEY, value: JSON.stringify(taken) }],
      graph: {
        ...graph,
        node: [...g.nodes, ...graph.node],
        initializer: [...graph.initializer, ...g.constants],
        input: graph.input.map((one) => (one === own ? bytesLike(own, name, steps, resize) : one)),
      },
    },
    taken,
  };
};

/** float32 as the model takes it. */
const prepared = (
  g: Builder,
  pixels: string,
  { channels, order, layout, scale, offset, mean, std }: Omit<Preprocessor, "notices">,
  frame: Pick<Preprocessor, "resize" | "crop"> | undefined,
): string => {
  const planes = layout === "nchw" || frame !== undefined;
  const axis = planes ? 1 : 3;
  const apart = planes ? g.op("Transpose", [pixels], { perm: [0, 3, 1, 2] }) : pixels;
  const turned = order === "bgr" && channels === 3 ? g.op("Gather", [apart, g.ints([2, 1, 0])], { axis }) : apart;
  const sized = frame === undefined ? g.op("Cast", [turned], { to: DataType.FLOAT }) : resampled(g, turned, frame);
  const perChannel = (values: readonly number[]) => g.floats(values, planes ? [channels, 1, 1] : [channels]);
  const rescaled = scaled(g, sized, scale);
  const moved = offset === 0 ? rescaled : g.op("Add", [rescaled, g.floats(offset)]);
  const centred = mean.every((one) => one === 0) ? moved : g.op("Sub", [moved, perChannel(mean)]);
  const normal = std.every((one) => one === 1) ? centred : g.op("Div", [centred, perChannel(std)]);
  return planes && layout === "nhwc" ? g.op("Transpose", [normal], { perm: [0, 2, 3, 1] }) : normal;
};

/** v · scale in float32: for 1/255 and the like that is v / 255 to the last bit, and v times the rounded scale is not. */
const scaled = (g: Builder, values: string, scale: number): string => {
  if (scale === 1) return values;
  const [factor, divisor] = [Math.fround(scale), Math.fround(1 / scale)];
  const same = (made: (v: number) => number) =>
    Array.from({ length: 256 }, (_, v) => Math.fround(v * scale) === Math.fround(made(v))).every(Boolean);
  const divided = !same((v) => v * factor) && same((v) => v / divisor);
  return divided ? g.op("Div", [values, g.floats(divisor)]) : g.op("Mul", [values, g.floats(factor)]);
};

/** The new input: the batch of the old one, its height and width where pictures come at that size. */
const bytesLike = (
  own: ValueInfoProto,
  name: string,
  { layout, channels }: Pick<Preprocessor, "layout" | "channels">,
  resize: boolean,
): ValueInfoProto => {
  const shape = own.type?.tensorType?.shape ?? [];
  const [height = {}, width = {}] = layout === "nchw" ? [shape[2], shape[3]] : [shape[1], shape[2]];
  const free = (param: string): Dim => ({ param });
  const sides = resize ? [free("picture_height"), free("picture_width")] : [height, width];
  return { name, type: { tensorType: { elemType: DataType.UINT8, shape: [shape[0] ?? {}, ...sides, { value: channels }] } } };
};

const namesOf = ({ graph }: ModelProto): ReadonlySet<string> =>
  new Set([
    ...graph.node.flatMap(({ name, output }) => [name, ...output]),
    ...[...graph.initializer, ...graph.input, ...graph.output].map(({ name }) => name),
  ]);

const unused = (wish: string, names: ReadonlySet<string>): string => (names.has(wish) ? unused(`${wish}_`, names) : wish);
