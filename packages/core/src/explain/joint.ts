/** Several explained inputs as one row, laid end to end: a method that moves them all together need not know of it. */

import type { Session } from "../runtime/runtime.ts";
import { type FloatTensor, widthOf } from "../tensor/float.ts";

/** One of the inputs: its sizes without the batch, and where it lies in the row. */
export interface Part {
  readonly name: string;
  readonly dims: readonly number[];
  readonly from: number;
  readonly width: number;
}

export const JOINT = "backlit:joint";
/** What such a row is compared with. */
export const JOINT_REFERENCE = "backlit:joint-reference";

export const partsOf = (tensors: Readonly<Record<string, FloatTensor>>): readonly Part[] => {
  let from = 0;
  return Object.entries(tensors).map(([name, { dims }]) => {
    const part = { name, dims: dims.slice(1), from, width: widthOf({ dims }) };
    from += part.width;
    return part;
  });
};

/** [N, sum of the widths]. */
export const joined = (tensors: Readonly<Record<string, FloatTensor>>, parts: readonly Part[]): FloatTensor => {
  const samples = tensors[parts[0]!.name]!.dims[0]!;
  const width = parts.reduce((total, part) => total + part.width, 0);
  const data = new Float32Array(samples * width);
  for (const { name, from, width: own } of parts)
    for (let n = 0; n < samples; n++) data.set(tensors[name]!.data.subarray(n * own, (n + 1) * own), n * width + from);
  return { type: "float32", dims: [samples, width], data };
};

/** Each input's own part of the rows. The last axis is the row; what lies before it is kept, the input's shape comes behind. */
export const apart = ({ dims, data }: FloatTensor, parts: readonly Part[]): Record<string, FloatTensor> => {
  const before = dims.slice(0, -1);
  const width = dims.at(-1)!;
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
