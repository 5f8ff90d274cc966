/** Attributions of the same samples to K classes as one, in the layout of a compiled pass with K targets: [N, K, …]. */
import type { Attribution } from "../methods/index.ts";
import type { FloatTensor } from "../tensor/float.ts";

export const stacked = (parts: readonly Attribution[]): Attribution => {
  const [first] = parts;
  const { spread, frames, details, difference } = first!;
  const notices = parts.flatMap((part) => part.notices ?? []);
  return {
    relevance: joined(parts.map((part) => part.relevance)),
    ...(spread && { spread: joined(parts.map((part) => part.spread!)) }),
    ...(frames && {
      frames: frames
        .filter((_, i) => parts.every((part) => part.frames![i] !== undefined))
        .map((frame, i) => ({ ...frame, values: joined(parts.map((part) => part.frames![i]!.values)) })),
    }),
    ...(difference && { difference: difference.flatMap((_, n) => parts.map((part) => part.difference![n]!)) }),
    ...(details && {
      details: Object.fromEntries(
        Object.keys(details).map((name) => [
          name,
          details[name]!.flatMap((_, n) => parts.map((part) => part.details![name]![n]!)),
        ]),
      ),
    }),
    notices: [...new Set(notices)],
  };
};

const joined = (parts: readonly FloatTensor[]): FloatTensor => {
  const { dims, data } = parts[0]!;
  const samples = dims[0]!;
  const width = data.length / samples;
  const all = new Float32Array(data.length * parts.length);
  parts.forEach((part, k) => {
    for (let n = 0; n < samples; n++) all.set(part.data.subarray(n * width, (n + 1) * width), (n * parts.length + k) * width);
  });
  return { type: "float32", dims: [samples, parts.length, ...dims.slice(1)], data: all };
};
