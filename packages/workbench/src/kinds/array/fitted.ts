/** Arrays as a model's input takes them: the shape checked, missing axes of size 1 added, the element type converted. */
import {
  dataTypeName,
  fail,
  type ModelProto,
  maxOf,
  minOf,
  ownRange,
  type Tensor,
  tensorType,
  toFloat32,
  type ValueInfoProto,
} from "@backlit/core";
import { dimsOf } from "../../models/inputs.ts";
import { completedDims, transposed } from "./axes.ts";

export interface FitContext {
  /** The file, for messages. */
  readonly where: string;
  /** Bytes are brought to 0..1. */
  readonly scale?: boolean;
  /** The values pictures have in this input, where it takes pictures. */
  readonly box?: { readonly low: readonly number[]; readonly high: readonly number[] };
}

const INTEGERS = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "bool"];

/** Throws BadInput, which says the shape, type and range the model takes. */
export const fitted = (tensor: Tensor, input: ValueInfoProto, context: FitContext, note: (text: string) => void): Tensor => {
  const dims = fittedDims(tensor, input, context);
  const wanted = tensorType(input.type?.tensorType?.elemType ?? 1);
  if (wanted === "float32" && tensor.type !== "string") {
    if (context.scale) {
      note(`${context.where} holds bytes: brought to 0..1, as pictures are; save it as float32 to feed its numbers as they are`);
      return { type: "float32", dims, data: Float32Array.from(tensor.data as Uint8Array, (byte) => byte / 255) };
    }
    const floats = { ...(tensor.type === wanted ? tensor : toFloat32(tensor)), dims };
    noteBytes(floats, context, note);
    return floats;
  }
  if (tensor.type === wanted) return { ...tensor, dims };
  if (wanted === "int64" && INTEGERS.includes(tensor.type))
    return { type: "int64", dims, data: BigInt64Array.from(tensor.data as Int32Array, BigInt) };
  throw fail("BadInput", {
    what: `an array of ${tensor.type} does not fit input '${input.name}'`,
    where: context.where,
    why: `the model takes ${wanted}`,
    fix: `save it as ${wanted}`,
  });
};

/** Whether these are bytes for a model of volumes that does not scale them itself; masks, of 0 and 1, are not. */
export const isVolumeOfBytes = (model: ModelProto, { type, data }: Tensor, input: ValueInfoProto): boolean =>
  ownRange(model, input.name)?.range !== "0..255" &&
  type === "uint8" &&
  input.type?.tensorType?.shape?.length === 5 &&
  maxOf(data as Uint8Array) > 1;

const fittedDims = (tensor: Tensor, input: ValueInfoProto, context: FitContext): readonly number[] => {
  const shape = input.type?.tensorType?.shape && dimsOf(input);
  if (shape === undefined) return tensor.dims;
  const dims = completedDims(tensor.dims, shape);
  if (dims !== undefined) return dims;
  const type = dataTypeName(input.type?.tensorType?.elemType ?? 1);
  const order = transposed(tensor.dims, shape);
  throw fail("BadInput", {
    what: `an array of shape ${tensor.dims.join("×") || "()"} does not fit input '${input.name}'`,
    where: context.where,
    why: `the model takes ${type} ${shape.map((n) => n ?? "any").join("×")}${rangeOf(context)}`,
    fix: order ? `save x.transpose(${order.join(", ")}): its axes are in another order` : "save it in that shape",
  });
};

/** Floats that look like bytes, where pictures have other values: the commonest slip with arrays, and the map looks no worse for it. */
const noteBytes = ({ data }: Tensor, context: FitContext, note: (text: string) => void): void => {
  const { box, where } = context;
  if (!box || maxOf(box.high) > 50) return;
  const values = data as Float32Array;
  const [least, most] = [minOf(values), maxOf(values)];
  if (least >= 0 && most > 50 && most <= 255)
    note(
      `${where} holds values from ${short(least)} to ${short(most)}, as bytes of pictures do, and pictures of the model go from ${short(minOf(box.low))} to ${short(maxOf(box.high))}: scale them, or save them as uint8`,
    );
};

const rangeOf = ({ box }: FitContext): string =>
  box ? `, pictures with values from ${short(minOf(box.low))} to ${short(maxOf(box.high))}` : "";
const short = (value: number): string => String(Number(value.toPrecision(4)));
