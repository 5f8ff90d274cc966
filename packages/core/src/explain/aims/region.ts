/**
 * `region:CLASS`: the mean of a class over the positions where it wins on the sample as it is. When nobody says, the largest class's region
 * is explained, background left out.
 */
import { fail } from "../../errors.ts";
import type { Aim, Beside } from "../../oracle/aim.ts";
import { meanBeside } from "./beside.ts";
import { checkedClass, type Grid, gridOf } from "./grid.ts";
import type { Request, TargetKind } from "./kind.ts";
import { areaOf, meanAim } from "./placed.ts";
import type { Scene } from "./scene.ts";

export const region: TargetKind = {
  form: "region:CLASS",
  read: (text) => {
    const words = /^region:(.+)$/s.exec(text)?.[1];
    if (words === undefined) return undefined;
    return { find: async (scene) => regionAims(scene, (grid) => checkedClass(grid, scene.classOf(words))) };
  },
};

/** The region of the class that wins at most positions, background left out where there is anything else. */
export const largestRegion: Request = {
  find: async (scene) =>
    regionAims(scene, (grid, n) => {
      const sizes = sizesOf(grid, n);
      const back = backgroundOf(grid, scene.lit.options.labels);
      const order = sizes.map((_, index) => index).sort((a, b) => sizes[b]! - sizes[a]! || a - b);
      return order.find((index) => index !== back && sizes[index]! > 0) ?? order[0]!;
    }),
};

const regionAims = (scene: Scene, choose: (grid: Grid, sample: number) => number): readonly (readonly Aim[])[] => {
  const grid = gridOf(scene);
  const chosen = Array.from({ length: scene.samples }, (_, n) => choose(grid, n));
  const aims = chosen.map((index, n) => {
    const all = Array.from({ length: grid.count }, (_, position) => position);
    const positions = all.filter((position) => grid.wins(n, index, position));
    if (positions.length === 0) throw nowhere(scene, grid, { index, n });
    const found = { class: index, pixels: positions.length };
    const name = `region:${scene.nameOf(index)}`;
    const places = positions.map((at) => grid.place(index, at));
    return meanAim(scene, { name, places, found, beside: regionsBeside(scene, grid, n, index), ...areaOf(grid, positions) });
  });
  return [aims];
};

const MOST = 5;

/** The largest regions, by their number of positions, and the one that is explained: what each class comes to in its own. */
const regionsBeside = (scene: Scene, grid: Grid, n: number, own: number): readonly Beside[] => {
  const sizes = sizesOf(grid, n);
  const all = Array.from({ length: grid.count }, (_, position) => position);
  const meanOf = (index: number) => {
    const positions = all.filter((position) => grid.wins(n, index, position));
    const places = positions.map((at) => grid.place(index, at));
    return meanBeside(scene, n, meanAim(scene, { name: "", places, ...areaOf(grid, positions) }));
  };
  const order = sizes.flatMap((size, index) => (size > 0 ? [index] : [])).sort((a, b) => sizes[b]! - sizes[a]! || a - b);
  const shown = order.slice(0, MOST);
  return [...shown, ...(shown.includes(own) ? [] : [own])].map((index) => ({
    name: `region:${scene.nameOf(index)}`,
    ...meanOf(index),
    ...(index === own && { own: true as const }),
  }));
};

const sizesOf = (grid: Grid, n: number): readonly number[] => {
  const sizes = new Array<number>(grid.classes).fill(0);
  for (let position = 0; position < grid.count; position++) sizes[grid.winner(n, position)]!++;
  return sizes;
};

/** The class so called; of nameless classes the first. */
const backgroundOf = (grid: Grid, labels: readonly string[] | undefined): number | undefined => {
  if (grid.binary || labels === undefined) return 0;
  const named = labels.findIndex((label) => /^_*(back ?ground|unlabell?ed|void|other|ignore|none)_*$/i.test(label));
  return named < 0 ? undefined : named;
};

const nowhere = (scene: Scene, grid: Grid, { index, n }: { readonly index: number; readonly n: number }) => {
  const sizes = sizesOf(grid, n);
  const there = sizes.flatMap((size, one) => (size > 0 ? [`${scene.nameOf(one)} (${size})`] : []));
  return fail("BadTarget", {
    what: `target 'region:${scene.nameOf(index)}'`,
    why: `it wins at no position of sample ${n}`,
    fix: `there ${there.length === 1 ? "is" : "are"} ${there.slice(0, 8).join(", ")}; CLASS@pixel:i,j explains one position`,
  });
};
