/** Inputs that carry what was computed before: the keys and values of earlier tokens, the state of a recurrent layer. */
import type { ValueInfoProto } from "../onnx/proto.ts";

const CACHE = /^(past|cache|kv)([_.]|$)|past_key|past_value|(^|[_.])(key|kv|value)_cache/i;
/** h_0, c_in: letters of recurrent layers, or of a row of inputs a_in, b_in, c_in. */
const LETTER = /^([a-z])_?(0|in)$/i;
const STATE = /(^|[_.])(hidden|cell)_state(_?(in|0))?$|(^|[_.])state(_?(in|0))?$|^initial_[hc]$|^(hx|cx)$/i;

/** By its name among those of all inputs: a cache or a state, which nobody means when the input is explained. */
export const isCarried = (name: string, inputs: readonly string[]): boolean =>
  CACHE.test(name) || STATE.test(name) || isStateLetter(name, inputs);

/** h and c together are a state; one of them alone where no letters but x stand beside it. */
const isStateLetter = (name: string, inputs: readonly string[]): boolean => {
  const letterOf = (input: string) => LETTER.exec(input)?.[1]?.toLowerCase();
  const own = letterOf(name);
  if (own !== "h" && own !== "c") return false;
  const letters = inputs.map(letterOf).filter((letter) => letter !== undefined);
  return (letters.includes("h") && letters.includes("c")) || letters.every((letter) => letter === own || letter === "x");
};

/** A cache whose length is free: it may be empty. */
export const isCache = ({ name, type }: ValueInfoProto): boolean =>
  CACHE.test(name) && freeAxes(type?.tensorType?.shape).length > 0;

/** Axes of a cache that count earlier tokens: those without a size, the batch left out. */
export const freeAxes = (shape: readonly { readonly value?: number; readonly param?: string }[] = []): readonly number[] =>
  shape.length < 3 ? [] : shape.flatMap((dim, axis) => (axis > 0 && (dim.param || !dim.value || dim.value < 0) ? [axis] : []));

/** A size made of others, as exporters write the length of a mask: "past_sequence_length + sequence_length". */
export const partsOf = (size: string): readonly string[] =>
  size === "total_sequence_length" ? ["past_sequence_length", "sequence_length"] : size.split("+").map((part) => part.trim());
