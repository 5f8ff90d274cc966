/**
 * Where the blocks of a network stand. A network is a long row of small graphs, joined at blocks that every way passes: each is laid
 * out by itself and they are stacked, so that thousands of blocks take seconds and no recursion runs deep.
 */
import { graphlib, layout } from "@dagrejs/dagre";
import type { Placed, ToPlace } from "./placed.ts";

/** Pieces of more blocks are laid out by their ranks alone. */
const MOST = 400;
const [RANK, BESIDE] = [34, 24];

/** `from`: of each block those it takes from, which stand before it. */
export const arranged = ({ from, width, height }: ToPlace): Placed => {
  const cuts = cutsOf(from);
  const known = new Map<string, ReturnType<typeof byDagre>>();
  const at: { x: number; y: number }[] = [];
  for (const [k, first] of cuts.entries()) {
    const last = cuts[k + 1] ?? from.length - 1;
    const piece = pieceOf(from, first, last);
    // Networks repeat themselves.
    const shape = JSON.stringify(piece);
    const places = known.get(shape) ?? (piece.length <= MOST ? byDagre : byRank)(piece, width, height);
    known.set(shape, places);
    // The block that two pieces share stands where the first has put it.
    const { x, y } = at[first] ?? { x: places[0]!.x, y: height / 2 };
    const [dx, dy] = [x - places[0]!.x, y - places[0]!.y];
    places.forEach((place, i) => {
      at[first + i] ??= { x: place.x + dx, y: place.y + dy };
    });
  }
  return within(at, width, height);
};

/**
 * Blocks that nothing leads around: whatever comes from before ends there.
 * @internal Exported for its test.
 */
export const cutsOf = (from: ToPlace["from"]): readonly number[] => {
  const taken = from.map((_, i) => i);
  from.forEach((before, i) => {
    for (const j of before) taken[j] = Math.max(taken[j]!, i);
  });
  let far = 0;
  return taken.flatMap((until, i) => {
    const cut = far <= i;
    far = Math.max(far, until);
    return cut ? [i] : [];
  });
};

type Piece = readonly (readonly number[])[];

/** The blocks from a cut to the next, counted from it. Whatever leads nowhere stands above the last one, where the next piece begins. */
const pieceOf = (from: ToPlace["from"], first: number, last: number): Piece => {
  const blocks = Array.from({ length: last - first + 1 }, (_, i) => i);
  const own = blocks.map((i) => (i === 0 ? [] : from[first + i]!.map((j) => j - first).filter((j) => j >= 0)));
  const taken = new Set(own.flat());
  const ends = blocks.filter((i) => i < last - first && !taken.has(i));
  return own.map((before, i) => (i === last - first && i > 0 ? [...before, ...ends] : before));
};

const byDagre = (piece: Piece, width: number, height: number) => {
  const graph = new graphlib.Graph().setGraph({ ranksep: RANK, nodesep: BESIDE }).setDefaultEdgeLabel(() => ({}));
  piece.forEach((_, i) => {
    graph.setNode(String(i), { width, height });
  });
  piece.forEach((before, i) => {
    for (const j of before) graph.setEdge(String(j), String(i));
  });
  layout(graph);
  return piece.map((_, i) => graph.node(String(i)) as { readonly x: number; readonly y: number });
};

/** One below the lowest it takes from; beside each other in their order. */
const byRank = (piece: Piece, width: number, height: number) => {
  const ranks: number[] = [];
  const filled: number[] = [];
  return piece.map((before, i) => {
    const rank = before.reduce((most, j) => Math.max(most, ranks[j]! + 1), 0);
    ranks[i] = rank;
    filled[rank] = (filled[rank] ?? 0) + 1;
    return { x: (filled[rank]! - 0.5) * (width + BESIDE), y: (rank + 0.5) * (height + RANK) };
  });
};

const within = (at: readonly { readonly x: number; readonly y: number }[], width: number, height: number): Placed => {
  const ends = (values: readonly number[]) =>
    values.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)] as const, [
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ] as readonly [number, number]);
  const [left, right] = ends(at.map(({ x }) => x));
  const [top, bottom] = ends(at.map(({ y }) => y));
  return {
    at: at.map(({ x, y }) => ({ x: x - left + width / 2, y: y - top + height / 2 })),
    width: right - left + width,
    height: bottom - top + height,
  };
};
