/** Several explained inputs as one row, laid end to end: a method that moves them all together need not know of it. */

import type { Session } from "../runtime/runtime.ts";
import { type FloatTensor, widthOf } from "../tensor/float.ts";

/** One of the inputs: its sizes without the batch, and where it lies in the row. */
export interface Part {
  readonly name: string;
  readonly dims: readonly number[];
  readonly from: number;
  readonly width: number;
  /** All of them are tokens with as many features: laid end to end they are tokens still, [N, tokens of all, features]. */
  readonly tokens?: true;
}

export const JOINT = "backlit:joint";
/** What such a row is compared with. */
export const JOINT_REFERENCE = "backlit:joint-reference";

/** `tokens`: each is arranged as [N, tokens, features]. */
export const partsOf = (tensors: Readonly<Record<string, FloatTensor>>, tokens = false): readonly Part[] => {
  const all = Object.values(tensors);
  const alike = tokens && all.every(({ dims }) => dims.at(-1) === all[0]!.dims.at(-1));
  let from = 0;
  return Object.entries(tensors).map(([name, { dims }]): Part => {
    const part = { name, dims: dims.slice(1), from, width: widthOf({ dims }), ...(alike && { tokens: true as const }) };
    from += part.width;
    return part;
  });
};

/** [N, sum of the widths], or tokens. */
export const joined = (tensors: Readonly<Record<string, FloatTensor>>, parts: readonly Part[]): FloatTensor => {
  const samples = tensors[parts[0]!.name]!.dims[0]!;
  const width = parts.reduce((total, part) => total + part.width, 0);
  const data = new Float32Array(samples * width);
  for (const { name, from, width: own } of parts)
    for (let n = 0; n < samples; n++) data.set(tensors[name]!.data.subarray(n * own, (n + 1) * own), n * width + from);
  const features = parts[0]!.tokens ? parts[0]!.dims.at(-1)! : undefined;
  const dims = features === undefined ? [samples, width] : [samples, width / features, features];
  return { type: "float32", dims, data };
};

/** Each input's own part of the rows. The last axes are the row; what lies before them is kept, the input's shape comes behind. */
export const apart = ({ dims, data }: FloatTensor, parts: readonly Part[]): Record<string, FloatTensor> => {
  const before = dims.slice(0, parts[0]!.tokens ? -2 : -1);
  const width = parts.reduce((total, part) => total + part.width, 0);
  const rows = data.length / width;
  return Object.fromEntries(
    parts.map((part) => {
      const own = new Float32Array(rows * part.width);
      for (let n = 0; n < rows; n++)
        own.set(data.subarray(n * width + part.from, n * width + part.from + part.width), n * part.width);
      return [part.name, { type: "float32", dims: [...before, ...part.dims], data: own }];
    }),
  );
};

/** By part: names of the session's outputs that are its relevance, and of the inputs that take what it is compared with. */
export interface JointNames {
  readonly relevance: Readonly<Record<string, string>>;
  readonly references: Readonly<Record<string, string>>;
}

/** The session fed, and its relevance handed out, in one row. */
export const jointSession = (session: Session, parts: readonly Part[], names?: JointNames): Session => ({
  inputNames: session.inputNames,
  outputNames: session.outputNames,
  run: async ({ [JOINT]: row, [JOINT_REFERENCE]: other, ...others }, fetches) => {
    const compared = other === undefined ? {} : apart(other as FloatTensor, parts);
    const references = Object.fromEntries(Object.entries(compared).map(([name, one]) => [names!.references[name]!, one]));
    const out = await session.run({ ...others, ...apart(row as FloatTensor, parts), ...references }, fetches);
    if (names === undefined) return out;
    const maps = Object.fromEntries(parts.map(({ name }) => [name, out[names.relevance[name]!] as FloatTensor]));
    return { ...out, [JOINT]: joined(maps, parts) };
  },
  release: () => session.release(),
  [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
});
