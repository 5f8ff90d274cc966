/** What is perturbed together: every value of a sample belongs to one group. Named by a word such as grid:16; see FEATURES. */

import type { MethodParameter } from "../cards/parameters.ts";
import { fail } from "../errors.ts";
import { type FloatTensor, sampleOf, widthOf } from "../tensor/float.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type LayoutKind, layoutOf, noAxes, positionsOf, spreadPositions } from "./layout.ts";
import { slic } from "./slic.ts";

export const FEATURES: MethodParameter = {
  what: "what is perturbed together: pixel, grid:K (cells of K × K), slic:COUNT or slic:COUNT:COMPACTNESS (superpixels), channel, token, feature, given; auto: the groups given, else slic:50 for pictures, an eighth of a series, token, feature",
  default: "auto",
};

export interface Groups {
  /** Group of each value of a sample, 0 … count − 1. */
  readonly ids: Uint32Array;
  readonly count: number;
}

export interface GroupContext {
  /** What the axes of the explained value are. */
  readonly kind: LayoutKind;
  /** Groups as whole numbers: the sizes of one sample, or of the batch; axes of size 1 stretch (as in NumPy). */
  readonly given?: Tensor | undefined;
}

/** Groups of each sample of x, [N, …]. Only superpixels and given groups differ between samples. Errors: BadRecipe, BadInput (given groups). */
export const groupsOf = (x: FloatTensor, spec: string, { kind: natural, given }: GroupContext): readonly Groups[] => {
  const [word = "", ...numbers] = spec.trim().split(":");
  const same = (ids: Uint32Array): Groups[] => Array<Groups>(x.dims[0]!).fill(numbered(ids));
  switch (word) {
    case "auto":
      return groupsOf(x, autoSpec(x, natural, given), { kind: natural, given });
    case "pixel":
      return same(byCell(x, inSpace(x, natural), 1));
    case "grid":
      return same(byCell(x, natural, numberIn(numbers[0], spec, { least: 1, whole: true })));
    case "slic":
      return superpixels(x, natural, spec, numbers);
    case "channel":
      return same(natural === "tokens" ? byFeature(x) : byCell(x, natural === "space" ? "tokens" : "values", 1));
    case "token":
      return same(byCell(x, tokensOf(x, natural), 1));
    case "feature":
      return same(byCell(x, "values", 1));
    case "given":
      return givenGroups(x, given);
    default:
      throw unknown(spec);
  }
};

/** Errors: BadRecipe where values have no neighbours. */
const inSpace = ({ dims }: FloatTensor, natural: LayoutKind): LayoutKind => {
  if (natural === "space") return natural;
  throw noAxes("positions in space", dims, natural === "tokens" ? "token" : "feature");
};

/** The steps of a series are its tokens. Errors: BadRecipe. */
const tokensOf = ({ dims }: FloatTensor, natural: LayoutKind): LayoutKind => {
  if (natural === "tokens" || (natural === "space" && dims.slice(2).length === 1)) return natural;
  throw noAxes("tokens", dims, natural === "space" ? "pixel" : "feature");
};

/** The same feature of all tokens. */
const byFeature = ({ dims }: FloatTensor): Uint32Array => {
  const { after } = layoutOf(dims, "tokens");
  return Uint32Array.from({ length: widthOf({ dims }) }, (_, i) => i % after);
};

const autoSpec = ({ dims }: FloatTensor, natural: LayoutKind, given: Tensor | undefined): string => {
  if (given !== undefined) return "given";
  if (natural === "tokens") return "token";
  if (natural === "values") return "feature";
  const sizes = dims.slice(2);
  return sizes.length === 2 ? "slic:50" : `grid:${Math.ceil(sizes[0]! / 8)}`;
};

const unknown = (spec: string) =>
  fail("BadRecipe", {
    what: `features '${spec}'`,
    fix: "pixel, grid:K, slic:COUNT, slic:COUNT:COMPACTNESS, channel, token, feature, given or auto",
  });

const numberIn = (
  text: string | undefined,
  spec: string,
  { least, whole = false }: { least: number; whole?: boolean },
): number => {
  const value = text === undefined || text === "" ? Number.NaN : Number(text);
  if (!(value >= least && value <= 1e9) || (whole && !Number.isInteger(value))) throw unknown(spec);
  return value;
};

/** Cells of `side` positions along each axis, cut at the border. */
const byCell = ({ dims }: FloatTensor, kind: LayoutKind, side: number): Uint32Array => {
  const layout = layoutOf(dims, kind);
  const { sizes } = layout;
  const positions = positionsOf(layout);
  const ofPosition = new Uint32Array(positions);
  for (let position = 0; position < positions; position++) {
    let [rest, cell, stride] = [position, 0, 1];
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      const size = sizes[axis]!;
      cell += Math.floor((rest % size) / side) * stride;
      stride *= Math.ceil(size / side);
      rest = Math.floor(rest / size);
    }
    ofPosition[position] = cell;
  }
  return spreadPositions(layout, ofPosition, new Uint32Array(widthOf({ dims })));
};

const superpixels = (
  x: FloatTensor,
  natural: LayoutKind,
  spec: string,
  [count, compactness = "0.5"]: readonly string[],
): readonly Groups[] => {
  if (natural !== "space" || x.dims.slice(2).length !== 2)
    throw fail("BadRecipe", {
      what: "superpixels need a picture",
      why: `the explained value is ${x.dims.join("×")}`,
      fix: "take grid:K, token or feature",
    });
  const [, , height, width] = x.dims as [number, number, number, number];
  const options = {
    height,
    width,
    count: numberIn(count, spec, { least: 1, whole: true }),
    compactness: numberIn(compactness, spec, { least: 0 }),
  };
  const layout = layoutOf(x.dims, "space");
  return Array.from({ length: x.dims[0]! }, (_, n) => {
    const labels = slic(sampleOf(x, n), options);
    return numbered(spreadPositions(layout, labels, new Uint32Array(widthOf(x))));
  });
};

const givenGroups = (x: FloatTensor, given: Tensor | undefined): readonly Groups[] => {
  if (given === undefined)
    throw fail("BadRecipe", { what: "features 'given'", why: "no groups were given", fix: "give them as groups" });
  const perSample = given.dims.length === x.dims.length;
  const sizes = perSample ? given.dims : [1, ...given.dims];
  if (sizes.length !== x.dims.length || sizes.some((size, axis) => size !== 1 && size !== x.dims[axis]))
    throw fail("BadInput", {
      what: `groups of ${given.dims.join("×")}`,
      why: `the explained value is ${x.dims.join("×")}`,
      fix: "give them in the shape of one sample; axes may have size 1",
    });
  const strides = sizes.map((size, axis) => (size === 1 ? 0 : sizes.slice(axis + 1).reduce((a, b) => a * b, 1)));
  const numbers = Float64Array.from(given.data as ArrayLike<number | bigint | string>, Number);
  const width = widthOf(x);
  const sample = (n: number): Groups => {
    const own = Float64Array.from({ length: width }, (_, value) => {
      let [at, rest] = [n * strides[0]!, value];
      for (let axis = sizes.length - 1; axis > 0; axis--) {
        at += (rest % x.dims[axis]!) * strides[axis]!;
        rest = Math.floor(rest / x.dims[axis]!);
      }
      return numbers[at]!;
    });
    // In the order of their numbers: groups 0 … count − 1 keep theirs.
    const known = new Map([...new Set(own)].sort((a, b) => a - b).map((number, group) => [number, group]));
    return { ids: Uint32Array.from(own, (number) => known.get(number)!), count: known.size };
  };
  return strides[0] === 0 ? Array<Groups>(x.dims[0]!).fill(sample(0)) : Array.from({ length: x.dims[0]! }, (_, n) => sample(n));
};

const numbered = (ids: Uint32Array): Groups => {
  let most = 0;
  for (const id of ids) if (id > most) most = id;
  return { ids, count: ids.length === 0 ? 0 : most + 1 };
};

export interface Members {
  /** Values sorted by group. */
  readonly values: Uint32Array;
  /** Group g has the values from[g] … from[g + 1] − 1 of that list. */
  readonly from: Uint32Array;
}

export const membersOf = ({ ids, count }: Groups): Members => {
  const from = new Uint32Array(count + 1);
  for (const id of ids) from[id + 1]!++;
  for (let g = 0; g < count; g++) from[g + 1]! += from[g]!;
  const next = from.slice();
  const values = new Uint32Array(ids.length);
  for (let i = 0; i < ids.length; i++) values[next[ids[i]!]!++] = i;
  return { values, from };
};
