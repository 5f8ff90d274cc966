/** What else there is where something is explained, for people who want to know what it stands against. */
import { type Aim, aimScore, type Beside } from "../../oracle/aim.ts";
import { scoresOf } from "../../oracle/score.ts";
import { sampleOf } from "../../tensor/float.ts";
import type { Grid } from "./grid.ts";
import { type Scene, scoreAt } from "./scene.ts";

const MOST = 5;

/** One position of a sample, and the words for it: `last`, `pixel:3,4`. */
interface Spot {
  readonly n: number;
  readonly position: number;
  readonly where: string;
}

/** The classes at a position, best first: at most five, and the one that is explained. */
export const classesBeside = (
  { values, sizes, scoring, plan, nameOf }: Scene,
  grid: Grid,
  { n, position, where, own }: Spot & { readonly own: number },
): readonly Beside[] => {
  const all = sampleOf(values, n);
  const { classes } = plan.reading;
  const of = (index: number): Beside => {
    const { at, turned } = grid.place(index, position);
    const p = classes ? scoresOf(all, sizes, [at], "probability", scoring) : undefined;
    const number = p === undefined ? { value: all[at]! } : { probability: turned ? 1 - p : p };
    return { name: nameOf(index), target: `${nameOf(index)}@${where}`, ...number, ...(index === own && { own: true as const }) };
  };
  const order = bestOf(grid, { values: all, sign: scoring.sign, position });
  return [...order, ...(order.includes(own) ? [] : [own])].map(of);
};

/** What an aim at several pixels comes to: the mean of a class's log-odds there, or of its logit where that is the seed; of other numbers theirs. */
export const meanBeside = (
  { values, sizes, scoring, options }: Scene,
  n: number,
  aim: Aim,
): Required<Pick<Beside, "value" | "unit">> => {
  const plain = options.seed === "logit" || options.seed === "one";
  const value = aimScore(sampleOf(values, n), sizes, aim, plain ? "logit" : "log-odds", scoring);
  const lead = aim.places.some(({ against }) => against !== undefined);
  const what = lead ? " lead" : aim.of !== "class" ? "" : plain ? " logit" : " log-odds";
  const place = aim.area === undefined ? "position" : "pixel";
  return { value, unit: `mean${what} of ${aim.places.length} ${place}${aim.places.length === 1 ? "" : "s"}` };
};

/** How far A leads over B there, and both of them among the best. */
export const leadBeside = (
  scene: Scene,
  grid: Grid,
  { sides, led, ...spot }: Spot & { readonly sides: readonly number[]; readonly led: Aim },
): readonly Beside[] => {
  const seen = new Map<string, Beside>();
  for (const own of sides)
    for (const { name, own: _, ...rest } of classesBeside(scene, grid, { ...spot, own })) seen.set(name, { name, ...rest });
  return [{ name: led.name, value: scoreAt(scene, spot.n, led), own: true }, ...seen.values()];
};

/** Without sorting all of a large vocabulary. */
const bestOf = (
  grid: Grid,
  { values, sign, position }: { readonly values: Float32Array; readonly sign: number; readonly position: number },
): readonly number[] => {
  const best: { readonly index: number; readonly z: number }[] = [];
  for (let index = 0; index < grid.classes; index++) {
    const { at, turned } = grid.place(index, position);
    const z = (turned ? -1 : 1) * sign * values[at]!;
    if (best.length === MOST && z <= best[MOST - 1]!.z) continue;
    const after = best.findIndex((one) => z > one.z);
    best.splice(after < 0 ? best.length : after, 0, { index, z });
    best.length = Math.min(best.length, MOST);
  }
  return best.map(({ index }) => index);
};
