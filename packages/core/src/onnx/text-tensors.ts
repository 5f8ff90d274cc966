/** Tensors and numbers in the text form: `float[2] {0.5, 1.0}`, or where external data lies: `["location" : "w.bin"]`. */
import { fewestDigits } from "../numeric/fewest-digits.ts";
import { isExternal } from "./external.ts";
import type { Dim, TensorProto } from "./proto.ts";
import { readFloats, readTensor } from "./tensors.ts";
import { isWord, quote, quoteBytes } from "./text-literals.ts";
import { dataTypeName } from "./types.ts";

/** `float[N,3]` */
export const printType = ({ elemType, shape }: { readonly elemType: number; readonly shape?: readonly Dim[] }): string => {
  const dims = shape?.map(({ value, param }) => value?.toString() ?? (param ? printName(param) : "?")).join(",");
  return dataTypeName(elemType) + (dims === "" ? "" : `[${dims ?? ""}]`);
};

/** `float[2] name` */
export const printTensorType = ({ dataType, dims, name }: TensorProto): string => {
  const type = printType({ elemType: dataType, shape: dims.map((value) => ({ value })) });
  return name === "" ? type : `${type} ${printName(name)}`;
};

/** `{0.5, 1.0}`, of more than `max` elements the first ones and `…`; `{…}` as well for a tensor that cannot be read. */
export const printElements = (tensor: TensorProto, max: number): string => {
  if (isExternal(tensor)) {
    const entries = (tensor.externalData ?? []).map(({ key, value }) => `${quote(key)} : ${quote(value)}`);
    return `[${entries.join(", ")}]`;
  }
  const { length, print } = elements(tensor) ?? UNREADABLE;
  const shown = Array.from({ length: Math.min(length, max) }, (_, i) => print(i));
  return `{${[...shown, ...(shown.length < length ? ["…"] : [])].join(", ")}}`;
};

interface Elements {
  readonly length: number;
  print(index: number): string;
}

const UNREADABLE: Elements = { length: 1, print: () => "…" };

const elements = (tensor: TensorProto): Elements | undefined => {
  try {
    const { type, data } = readTensor(tensor);
    if (type === "string") return { length: data.length, print: (i) => quoteBytes(tensor.stringData![i]!) };
    const round = type === "float64" ? Number : Math.fround;
    const floating = type.startsWith("float");
    const values = floating ? readFloats(tensor) : data;
    return { length: values.length, print: (i) => (floating ? printFloat(values[i] as number, round) : String(values[i])) };
  } catch {
    return undefined;
  }
};

/** The fewest digits that give the same float; always with a point or an exponent, so that it reads as a float. */
export const printFloat = (value: number, round: (x: number) => number = Math.fround): string => {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  const digits = String(round === Number ? value : fewestDigits(value));
  return /[.e]/.test(digits) ? digits : `${digits}.0`;
};

export const printName = (value: string): string => (isWord(value) ? value : quote(value));
