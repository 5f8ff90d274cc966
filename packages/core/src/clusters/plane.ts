/** Maps of any layout as samples × 1 × height × width. */
import { fail } from "../errors.ts";
import type { FloatTensor } from "../tensor/float.ts";

/** `dims`: samples first. Along `channel` values are summed; of other than two further axes the last is the width. */
export const mapPlanes = ({ dims, data }: FloatTensor, channel: number | undefined): FloatTensor => {
  const [count, ...own] = dims;
  if (count === undefined || own.length === 0)
    throw fail("BadInput", { what: `maps of ${dims.join("×")}`, fix: "give samples first" });
  const at = channel === undefined ? undefined : channel - 1;
  const kept = own.filter((_, axis) => axis !== at);
  const inner = at === undefined ? 1 : own.slice(at + 1).reduce((a, b) => a * b, 1);
  const channels = at === undefined ? 1 : own[at]!;
  const size = kept.reduce((a, b) => a * b, 1);
  const out = new Float32Array(count * size);
  for (let i = 0; i < data.length; i++) {
    const within = i % inner;
    const outer = Math.floor(i / (inner * channels));
    out[outer * inner + within]! += data[i]!;
  }
  const width = kept.at(-1) ?? 1;
  return { type: "float32", dims: [count, 1, size / width, width], data: out };
};
