/**
 * The adjoint of a correlation y[o] = Σ_j w[j] x[o·s + j·d − p], written with weights [M, C/g, k…] for M channels of y:
 *
 *   x̂[i] = Σ_{o, j: o·s + j·d − p = i} w[j] y[o]
 *
 * Stride 1: one Conv with the kernel flipped and its channels swapped, which runs on the runtime's blocked layout.
 * Strides: the inputs i = m·s + ρ of one residue ρ meet only the taps j ≡ ρ + p modulo s; each residue is a stride-1 Conv with
 * those taps, and the residues are interleaved. That is as much arithmetic as a ConvTranspose, on all threads.
 * ConvTranspose itself serves dilated strides, sizes that are known at run time only, and long strides: of many residues each is too
 * little work (patches of 16×16: 3 times as fast in one piece, and a tenth of the time to load).
 */
import type { Builder, Grid } from "../graph/builder.ts";
import { interleave } from "./interleave.ts";
import { repeated } from "./maps.ts";
import type { Site } from "./role.ts";
import { reach, type Window } from "./window.ts";

/** `shape`: that of the weight. The result has the size of the window's input. */
export const correlationAdjoint = (site: Site, y: string, weight: string, shape: readonly number[], w: Window): string => {
  if (w.strides.every((s) => s === 1) && w.kernel.every((_, i) => reach(w, i) >= w.begin[i]! && reach(w, i) >= w.end[i]!)) {
    const pads = [w.begin, w.end].flatMap((side) => side.map((n, i) => reach(w, i) - n));
    return site.g.op("Conv", [y, flipped(site.g, weight, shape, w.group)], {
      kernel_shape: w.kernel,
      dilations: w.dilations,
      group: w.group,
      pads,
    });
  }
  return byResidues(site, y, weight, shape, w) ?? transposed(site, y, weight, w);
};

/** [M, C/g, k…] → [C, M/g, k…], taps in reverse order. */
const flipped = (g: Builder, weight: string, shape: readonly number[], group: number): string => {
  const [m, c, ...kernel] = shape as [number, number, ...number[]];
  const axes = kernel.flatMap((k, i) => (k > 1 ? [i + 2] : []));
  const all = (n: number) => g.ints(axes.map(() => n));
  const reversed = axes.length === 0 ? weight : g.op("Slice", [weight, all(-1), all(-0x7fffffff), g.ints(axes), all(-1)]);
  const rest = kernel.map((_, i) => i + 2);
  if (group === 1) return g.transpose(reversed, [1, 0, ...rest]);
  if (c === 1 && m === group) return reversed; // depthwise: one tap stack per channel either way
  const parts = g.op("Transpose", [g.reshape(reversed, [group, m / group, c, ...kernel])], {
    perm: [0, 2, 1, ...rest.map((i) => i + 1)],
  });
  return g.reshape(parts, [group * c, m / group, ...kernel]);
};

/** Along one axis, for one residue: the taps it meets and the padding its Conv needs. */
interface Residue {
  /** First tap of the flipped kernel; taps are a stride apart. */
  readonly start: number;
  readonly taps: number;
  readonly begin: number;
  readonly end: number;
}

const residueOf = (w: Window, axis: number, residue: number, length: number): Residue => {
  const [stride, kernel] = [w.strides[axis]!, w.kernel[axis]!];
  const tap = (residue + w.begin[axis]!) % stride;
  const lag = Math.floor((residue + w.begin[axis]!) / stride);
  const taps = Math.max(0, Math.ceil((kernel - tap) / stride));
  const begin = taps - 1 - lag;
  return { start: kernel - 1 - tap - stride * (taps - 1), taps, begin, end: length - w.output[axis]! - begin + taps - 1 };
};

const MOST_RESIDUES = 4;
/** Channels are filled up to so many in the runtime's blocked layout: the residues of a picture's three are as much work as one of them. */
const BLOCK = 16;

interface Stacking {
  readonly partOf: (along: readonly Residue[]) => string;
  readonly length: readonly number[];
  readonly w: Window;
}

/**
 * All residues of a map of few channels by one convolution, as channels, which DepthToSpace puts in their places. Their kernels are filled up
 * with zeros to one size, the taps of each where its own padding has them.
 */
const inOne = (g: Builder, y: string, all: readonly (readonly Residue[])[], { partOf, length, w }: Stacking): string => {
  const largest = (along: readonly Residue[], of: (one: Residue) => number) =>
    along.reduce((most, one) => Math.max(most, of(one)), 0);
  const begin = all.map((along) => largest(along, (one) => one.begin));
  const size = all.map((along, i) => largest(along, (one) => begin[i]! - one.begin + one.taps));
  const filled = ([a, b]: readonly [Residue, Residue]): string => {
    const before = [a, b].map((one, i) => begin[i]! - one.begin);
    const after = [a, b].map((one, i) => size[i]! - before[i]! - one.taps);
    const part = partOf([a, b]);
    return [...before, ...after].every((n) => n === 0) ? part : g.op("Pad", [part, g.ints([0, 0, ...before, 0, 0, ...after])]);
  };
  const kernels = all[0]!.flatMap((a) => all[1]!.map((b) => filled([a, b])));
  const end = length.map((n, i) => n - w.output[i]! - begin[i]! + size[i]! - 1);
  const maps = g.op("Conv", [y, g.op("Concat", kernels, { axis: 0 })], { kernel_shape: size, pads: [...begin, ...end] });
  return g.op("DepthToSpace", [maps], { blocksize: all[0]!.length });
};

const byResidues = (site: Site, y: string, weight: string, shape: readonly number[], w: Window): string | undefined => {
  const { g, node } = site;
  if (w.input.includes(null) || w.output.includes(null)) return undefined;
  if (w.strides.some((s, i) => s > 1 && w.dilations[i] !== 1)) return undefined;
  // Along an axis with one tap only one residue meets it: the rest are zeros, put between afterwards.
  const lone = w.kernel.map((k, i) => k === 1 && w.strides[i]! > 1);
  if (lone.some((alone, i) => alone && w.begin[i] !== 0)) return undefined;
  const strides = w.strides.map((s, i) => (lone[i] ? 1 : s));
  if (strides.reduce((a, b) => a * b, 1) > MOST_RESIDUES) return undefined;
  const length = w.input.map((n, i) => (lone[i] ? w.output[i]! : Math.ceil(n! / strides[i]!)));
  const alongOf = (i: number, r: number): Residue =>
    lone[i] ? { start: 0, taps: 1, begin: 0, end: 0 } : residueOf(w, i, r, length[i]!);
  const all = strides.map((s, i) => Array.from({ length: s }, (_, r) => alongOf(i, r)));
  if (all.flat().some(({ taps, begin, end }) => taps === 0 || begin < 0 || end < 0)) return undefined;
  const kernel = flipped(g, weight, shape, w.group);
  const partOf = (along: readonly Residue[]): string => {
    const cut = along.flatMap(({ taps }, i) => (taps < w.kernel[i]! ? [i] : []));
    if (cut.length === 0) return kernel;
    return g.op("Slice", [
      kernel,
      g.ints(cut.map((i) => along[i]!.start)),
      g.ints(cut.map((i) => along[i]!.start + (along[i]!.taps - 1) * strides[i]! + 1)),
      g.ints(cut.map((i) => i + 2)),
      g.ints(cut.map((i) => strides[i]!)),
    ]);
  };
  const mapOf = (residues: readonly number[]): string => {
    const along = residues.map((r, i) => all[i]![r]!);
    const part = partOf(along);
    return g.op("Conv", [y, part], {
      kernel_shape: along.map(({ taps }) => taps),
      dilations: w.dilations,
      group: w.group,
      pads: [...along.map(({ begin }) => begin), ...along.map(({ end }) => end)],
    });
  };
  const few = w.group === 1 && lone.length === 2 && strides[0] === strides[1] && shape[1]! * strides[0]! ** 2 <= BLOCK;
  const joined = few
    ? inOne(g, y, all, { partOf, length, w })
    : interleave(g, strides, mapOf, (axis) => length.map((n, i) => (i < axis ? n : n * strides[i]!)));
  const sizes = [w.group * shape[1]!, ...length.map((n, i) => n * strides[i]!)];
  return spaced(g, { value: joined, grid: { batchOf: node.input[0]!, sizes } }, lone, w);
};

/** The maps of all residues as one. */
interface Joined {
  readonly value: string;
  readonly grid: Grid;
}

/** Zeros between the values of lone taps (nearest Resize times a fixed mask, both on the blocked layout), and the end cut to size. */
const spaced = (g: Builder, { value, grid }: Joined, lone: readonly boolean[], w: Window): string => {
  const [channels, ...sizes] = grid.sizes as [number, ...number[]];
  let [out, reached] = [value, sizes];
  if (lone.some(Boolean)) {
    const factors = w.strides.map((s, i) => (lone[i] ? s : 1));
    reached = sizes.map((n, i) => n * factors[i]!);
    const grown = repeated(g, value, factors, { ...grid, sizes: [channels, ...reached] });
    const masks = reached.map((n, i) =>
      g.floats(
        Float32Array.from({ length: n }, (_, k) => (k % factors[i]! === 0 ? 1 : 0)),
        [1, 1, ...reached.map((_, axis) => (axis === i ? n : 1))],
      ),
    );
    out = g.mul(
      grown,
      masks.reduce((a, b) => g.mul(a, b)),
    );
  }
  const end = w.input.map((n, i) => n! - reached[i]!);
  return end.every((n) => n === 0) ? out : g.op("Pad", [out, g.ints([0, 0, ...end.map(() => 0), 0, 0, ...end])]); // negative pads cut
};

/** A ConvTranspose that ends exactly at the input's size. Inputs the windows never reached get nothing. */
const transposed = ({ g, node }: Site, y: string, weight: string, w: Window): string => {
  const attributes = { kernel_shape: w.kernel, strides: w.strides, dilations: w.dilations, group: w.group };
  if (w.input.includes(null) || w.output.includes(null)) {
    // Room for the largest remainder, then cut to the run-time size.
    const output_padding = w.strides.map((n) => n - 1);
    const long = g.op("ConvTranspose", [y, weight], { ...attributes, pads: [...w.begin, ...w.end], output_padding });
    const axes = w.kernel.map((_, i) => i + 2);
    return g.op("Slice", [long, g.ints(axes.map(() => 0)), g.op("Shape", [node.input[0]!], { start: 2 }), g.ints(axes)]);
  }
  const excess = w.output.map((out, i) => (out! - 1) * w.strides[i]! + reach(w, i) + 1 - w.begin[i]! - w.input[i]!);
  const pads = [...w.begin, ...excess.map((n) => Math.max(0, n))];
  return g.op("ConvTranspose", [y, weight], { ...attributes, pads, output_padding: excess.map((n) => Math.max(0, -n)) });
};
