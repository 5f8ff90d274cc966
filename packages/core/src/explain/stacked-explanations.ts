/** Explanations of the same samples as one, in the layout of a compiled pass with K targets: [N, K, …]. */
import type { FloatTensor } from "../tensor/float.ts";
import type { Explanation } from "./types.ts";

/** `axisOf`: where the maps of several targets stand in those of a value. */
export const stackedExplanations = (parts: readonly Explanation[], axisOf: (value: string) => number): Explanation => {
  const first = parts[0]!;
  const maps = (of: (part: Explanation) => Readonly<Record<string, FloatTensor>>) =>
    Object.fromEntries(
      Object.keys(of(first)).map((name) => [
        name,
        stack(
          parts.map((part) => of(part)[name]!),
          axisOf(name),
        ),
      ]),
    );
  const relevances = maps((part) => part.relevances);
  const listed = <T>(of: (part: Explanation) => readonly T[] | undefined): readonly T[] | undefined =>
    of(first)?.flatMap((_, n) => parts.map((part) => of(part)![n]!));
  const [ledger, leaving, difference] = [listed((p) => p.ledger), listed((p) => p.leaving), listed((p) => p.difference)];
  return {
    ...first,
    target: first.target.map((_, n) => parts.flatMap((part) => part.target[n]!)),
    relevance: relevances[Object.keys(first.relevances)[0]!]!,
    relevances,
    layers: maps((part) => part.layers),
    notes: listed((p) => p.notes)!,
    ...(ledger && { ledger }),
    ...(leaving && { leaving }),
    ...(difference && { difference }),
    ...(first.details && {
      details: Object.fromEntries(Object.keys(first.details).map((name) => [name, listed((p) => p.details?.[name])!])),
    }),
    notices: [...new Set(parts.flatMap(({ notices }) => notices))],
    timings: {
      compile: first.timings.compile,
      load: first.timings.load,
      run: parts.reduce((sum, { timings }) => sum + timings.run, 0),
    },
  };
};

const stack = (maps: readonly FloatTensor[], axis: number): FloatTensor => {
  const [{ dims, type }] = maps as readonly [FloatTensor];
  const width = dims.slice(axis).reduce((a, b) => a * b, 1);
  const rows = maps[0]!.data.length / width;
  const data = new Float32Array(maps.length * maps[0]!.data.length);
  maps.forEach((map, k) => {
    for (let n = 0; n < rows; n++) data.set(map.data.subarray(n * width, (n + 1) * width), (n * maps.length + k) * width);
  });
  return { type, dims: [...dims.slice(0, axis), maps.length, ...dims.slice(axis)], data };
};
