/** What stands before an `@`: a class, the winner, the top K, `A minus B`; as aims at given positions. */
import { fail } from "../../errors.ts";
import type { Aim, Place } from "../../oracle/aim.ts";
import { pairOf } from "../target-words.ts";
import { classesBeside, leadBeside, meanBeside } from "./beside.ts";
import { checkedClass, type Grid, gridOf } from "./grid.ts";
import type { Scene } from "./scene.ts";

/** Positions of one sample, all of the same weight. */
interface Spot {
  readonly positions: readonly number[];
  readonly found?: Readonly<Record<string, unknown>>;
}

export interface Placed {
  /** What stands before the `@`. */
  readonly words: string;
  /** What stands behind it, of all samples or of each. */
  readonly where: string | ((sample: number) => string);
  spot(grid: Grid, sample: number): Spot;
  /** A class by its words; default: by index or label. */
  classOf?(words: string): number;
}

/** The mean over places; numbers that are no classes are explained as they are. */
export const meanAim = (
  { plan, scoring }: Pick<Scene, "plan" | "scoring">,
  { places, ...named }: Pick<Aim, "name" | "places" | "found" | "beside" | "area">,
): Aim => ({
  ...named,
  places: places.map((place) => ({ ...place, weight: 1 / places.length })),
  of: plan.reading.classes || scoring.sign < 0 ? "class" : "value",
});

/** One list of aims a map. Errors: BadTarget. */
export const placedAims = (
  scene: Scene,
  { words, where, spot, classOf = scene.classOf }: Placed,
): readonly (readonly Aim[])[] => {
  const grid = gridOf(scene);
  const pair = pairOf(words);
  const top = /^top:([1-9]\d*)$/.exec(words)?.[1];
  const all = Array.from({ length: scene.samples }, (_, n): readonly Aim[] => {
    const { positions, found } = spot(grid, n);
    const place = typeof where === "string" ? where : where(n);
    const alone = positions.length === 1 ? { n, position: positions[0]!, where: place } : undefined;
    const aim = (name: string, placesAt: (position: number) => Place): Aim =>
      meanAim(scene, {
        places: positions.map(placesAt),
        name: `${name}@${place}`,
        ...(found && { found }),
        ...areaOf(grid, positions),
      });
    /** Of many positions there is only the mean. */
    const meant = (of: Aim): Aim => ({ ...of, beside: [{ name: of.name, ...meanBeside(scene, n, of), own: true }] });
    const one = (index: number): Aim => {
      const own = aim(scene.nameOf(index), (position) => grid.place(index, position));
      return alone ? { ...own, beside: classesBeside(scene, grid, { ...alone, own: index }) } : meant(own);
    };
    if (pair !== undefined) {
      const [a, b] = pair.map((side) => checkedClass(grid, classOf(side))) as [number, number];
      if (a === b) throw fail("BadTarget", { what: `target '${words}'`, why: "both are one class", fix: "name two" });
      const lead = `${scene.nameOf(a)} minus ${scene.nameOf(b)}`;
      // Of two classes one logit is their lead.
      const led = aim(lead, (position) => ({
        ...grid.place(a, position),
        ...(!grid.binary && { against: grid.place(b, position).at }),
      }));
      return [alone ? { ...led, beside: leadBeside(scene, grid, { ...alone, sides: [a, b], led }) } : meant(led)];
    }
    if (top !== undefined) return ranked(scene, grid, { n, positions, count: Number(top) }).map(one);
    if (words === "top" || words === "argmax") return [one(ranked(scene, grid, { n, positions, count: 1 })[0]!)];
    return [one(checkedClass(grid, classOf(words)))];
  });
  return all[0]!.map((_, k) => all.map((aims) => aims[k]!));
};

/** Of positions in a picture. */
export const areaOf = ({ positions: sizes }: Grid, positions: readonly number[]): Pick<Aim, "area"> =>
  sizes.length === 2 ? { area: { height: sizes[0]!, width: sizes[1]!, positions } } : {};

/** Classes by the sum of what they have at the positions, the largest first. */
const ranked = (
  { values, scoring, samples }: Scene,
  grid: Grid,
  { n, positions, count }: { readonly n: number; readonly positions: readonly number[]; readonly count: number },
): readonly number[] => {
  if (count > grid.classes)
    throw fail("BadTarget", {
      what: `target top:${count}`,
      why: `there are ${grid.classes} classes`,
      fix: `ask for at most ${grid.classes}`,
    });
  const width = values.data.length / samples;
  const sums = Array.from({ length: grid.classes }, (_, index) =>
    positions.reduce((sum, position) => {
      const { at, turned } = grid.place(index, position);
      const z = values.data[n * width + at]!;
      return sum + scoring.sign * (turned ? (scoring.link === "mixture" && !scoring.log ? 1 - z : -z) : z);
    }, 0),
  );
  return sums
    .map((_, index) => index)
    .sort((a, b) => sums[b]! - sums[a]! || a - b)
    .slice(0, count);
};
