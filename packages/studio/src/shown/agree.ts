/** Whether a stored result and a live one say the same. */
import type { Shown } from "./shown.ts";
import { planeIn, type Stored } from "./stored.ts";

/** Of the largest |R|, and of probabilities. */
export const AGREEMENT = 1e-4;

/** Of the largest |R|: what two engines' maps may differ by before it is said. */
export const ENGINES_AGREE = 1e-3;

/** The largest difference: of maps as a share of the largest |R|, of probabilities as they are; infinite where other things are shown. */
export const differenceOf = (stored: Stored, live: Shown): number => {
  if (stored.target !== live.target || stored.classes.length !== live.classes.length) return Number.POSITIVE_INFINITY;
  const scores = stored.classes.map(({ title, probability = 0 }, i) =>
    title === live.classes[i]!.title ? Math.abs(probability - (live.classes[i]!.probability ?? 0)) : Number.POSITIVE_INFINITY,
  );
  const maps = between(storedValues(stored), liveValues(live));
  return scores.reduce((most, one) => Math.max(most, one), maps);
};

const storedValues = ({ picture, drawn }: Stored): ArrayLike<number> => (picture ? planeIn(picture).values : valuesOf(drawn));
const liveValues = ({ drawn }: Shown): ArrayLike<number> => (drawn?.kind === "picture" ? drawn.plane.values : valuesOf(drawn));

const valuesOf = (drawn: Shown["drawn"]): readonly number[] => {
  if (drawn?.kind === "text") return drawn.texts.flat().map(({ value = 0 }) => value);
  return drawn?.kind === "table" ? drawn.bars.map(({ value }) => value) : [];
};

const between = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let [most, limit] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    most = Math.max(most, Math.abs(a[i]! - b[i]!));
    limit = Math.max(limit, Math.abs(a[i]!));
  }
  return limit === 0 ? most : most / limit;
};
