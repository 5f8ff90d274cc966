/**
 * Types and tensors of the text form. Besides `{1, 2}`, elements may be `random(seed)`: reproducible float values, uniform in
 * [−0.5, 0.5), so that a test needs no numbers.
 */
import { floatToBfloat, floatToHalf } from "../tensor/half.ts";
import { DataType, type Dim, type Entry, type TensorProto, type TypeProto } from "./proto.ts";
import { makeTensor } from "./tensors.ts";
import type { Lexer } from "./text-lexer.ts";
import { typeByName, unquoteBytes } from "./text-literals.ts";
import { arrayOf, elementCount, type Numbers, tensorType } from "./types.ts";

type TensorTypeProto = NonNullable<TypeProto["tensorType"]>;

export const isType = ({ kind, text }: { kind: string; text: string }): boolean =>
  kind === "word" && typeByName(text) !== undefined;

/** `float[2,N,?]`, `float` (a scalar), `float[]` (of unknown rank) */
export const parseType = (lexer: Lexer): TensorTypeProto => {
  if (!isType(lexer.peek())) throw lexer.unexpected("an element type");
  const elemType = typeByName(lexer.next().text)!;
  if (!lexer.is("[")) return { elemType, shape: [] };
  const shape = lexer.list("[", "]", (): Dim => {
    if (lexer.accept("?")) return {};
    return lexer.isName() ? { param: lexer.name() } : { value: lexer.integer() };
  });
  return shape.length > 0 ? { elemType, shape } : { elemType };
};

/** `float[2] {1.0, 2.0}`, `float[2] name {…}` */
export const parseTensor = (lexer: Lexer): TensorProto => {
  const type = parseType(lexer);
  const named = lexer.isName() && !lexer.is("(", 1);
  return parseElements(lexer, named ? lexer.name() : "", type);
};

/** `{1.0, 2.0}`, `random(seed)`, or `["location" : "file", "offset" : "0"]` for external data. */
export const parseElements = (lexer: Lexer, name: string, { elemType: dataType, shape }: TensorTypeProto): TensorProto => {
  const start = lexer.peek().start;
  const dims = (shape ?? []).map(({ value }) => value ?? -1);
  if (!shape || dims.some((dim) => dim < 0)) throw lexer.error("a tensor has sizes, no names or unknowns");
  if (lexer.is("[")) return { name, dims, dataType, externalData: parseEntries(lexer), dataLocation: 1 };
  const count = elementCount(dims);
  if (lexer.peek().text === "random") {
    lexer.next();
    const [seed] = lexer.list("(", ")", () => lexer.integer());
    if (count > 2 ** 28) throw lexer.error("too many elements", start);
    return numeric(lexer, name, dims, dataType, Array.from(randomValues(seed ?? 0, count), String), start);
  }
  const texts = lexer.list("{", "}", () => parseElement(lexer, dataType));
  if (texts.length !== count) throw lexer.error(`${texts.length} elements are given where ${count} belong`, start);
  if (dataType === DataType.STRING) return { name, dims, dataType, stringData: texts.map(unquoteBytes) };
  return numeric(lexer, name, dims, dataType, texts, start);
};

/** `["key" : "value"]` */
export const parseEntries = (lexer: Lexer): Entry[] =>
  lexer.list("[", "]", () => lexer.pair(() => lexer.string())).map(([key, value]) => ({ key, value }));

/** Uniform in [−0.5, 0.5), multiples of 2⁻²⁴; Marsaglia's xorshift32. */
export const randomValues = (seed: number, count: number): Float32Array => {
  let state = Math.imul(seed + 1, 0x9e37_79b9) | 1;
  const step = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 8) / 2 ** 24 - 0.5;
  };
  for (let i = 0; i < 8; i++) step(); // similar seeds begin alike
  return Float32Array.from({ length: count }, step);
};

const parseElement = (lexer: Lexer, dataType: number): string => {
  const { kind, text } = lexer.peek();
  const wanted = dataType === DataType.STRING ? "string" : "number";
  if (kind !== wanted && !(wanted === "number" && isFloatWord(text))) throw lexer.unexpected(`a ${wanted}`);
  return lexer.next().text;
};

export const isFloatWord = (text: string): boolean => text === "nan" || text === "inf";

export const parseFloatText = (text: string): number => Number(text.replace("inf", "Infinity"));

const numeric = (
  lexer: Lexer,
  name: string,
  dims: readonly number[],
  dataType: number,
  texts: string[],
  at: number,
): TensorProto => {
  if (dataType === DataType.BFLOAT16) {
    const data = Uint16Array.from(texts, (text) => floatToBfloat(parseFloatText(text)));
    return { ...makeTensor(name, { type: "uint16", dims, data }), dataType };
  }
  const type = tensorType(dataType);
  if (type === "string") throw lexer.error("strings are no numbers", at);
  if (type === "float16") {
    return makeTensor(name, { type, dims, data: Uint16Array.from(texts, (text) => floatToHalf(parseFloatText(text))) });
  }
  if (type === "float32" || type === "float64") {
    return makeTensor(name, { type, dims, data: arrayOf(texts.map(parseFloatText), type) });
  }
  const wrong = texts.find((text) => !/^[+-]?\d+$/.test(text));
  const integers = wrong === undefined ? texts.map(BigInt) : [];
  const data: Numbers = arrayOf(integers, type);
  const outside = integers.find((integer, i) => BigInt(data[i]!) !== integer);
  if (wrong ?? outside) throw lexer.error(`${wrong ?? outside} is no ${type}`, at);
  return makeTensor(name, { type, dims, data });
};
