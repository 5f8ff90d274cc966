/** Maps of aims by compiled passes: each is a direction, fed; what is said of it is the recipe that was asked for. */
import { planModel } from "../../compile/index.ts";
import { flowOf } from "../../compiled/index.ts";
import { mapsAxis } from "../../emit/index.ts";
import { type Aim, aimScore, classAt } from "../../oracle/aim.ts";
import { aimDirection, type Slope } from "../../oracle/aim-direction.ts";
import { classesOf } from "../../oracle/score.ts";
import { type ResolvedRecipe, recipeHash, usualStart } from "../../plan/index.ts";
import { restored } from "../../reading/index.ts";
import type { FloatTensor } from "../../tensor/float.ts";
import type { LoadedModel } from "../loaded.ts";
import { stackedExplanations } from "../stacked-explanations.ts";
import type { ExplainOptions, Explanation } from "../types.ts";
import { atFew, fewPositions } from "./few-rows.ts";
import type { Aimed } from "./index.ts";

/** A model that gives the logits at a few positions alone. */
interface FewRows {
  readonly output: string;
  /** Explains by a direction at these positions. */
  run(positions: readonly number[], options: ExplainOptions): Promise<Explanation>;
}

export interface AimRuns {
  /** Explains by a direction. */
  run(options: ExplainOptions): Promise<Explanation>;
  /** Undefined where all logits come together. */
  few(start: string): FewRows | undefined;
}

export const explainAims = async (
  lit: LoadedModel,
  aimed: Aimed,
  options: ExplainOptions,
  { run, few }: AimRuns,
): Promise<Explanation> => {
  const { target: _, targetFiles: _files, perStep: _steps, detections: _found, ...given } = options;
  const { output } = aimed.options;
  // e_A − e_B of two classes, as a class's own `A minus B` has it.
  const led = aimed.rounds.flat().every(({ places }) => places.every(({ against }) => against !== undefined));
  const choices = { ...given, ...(output !== undefined && { output }), ...(led && { seed: "logit" as const }) };
  const named = choices.recipe === undefined && choices.rules === undefined;
  const { plan, notices } = planModel(lit.traced, choices, { ...lit.options, asked: named });
  const { recipe } = plan;
  const parts: Explanation[] = [];
  const positions = fewPositions(aimed);
  const rows = positions && few(plan.start);
  const own = rows === undefined ? aimed : atFew(aimed, positions!);
  for (const aims of own.rounds) {
    const index = rows === undefined && flowOf(recipe) === "difference" ? oneIndexOf(own, aims) : undefined;
    const asked: ExplainOptions =
      index === undefined
        ? { ...choices, seed: "direction", ...startFor(recipe), seedVector: directionOf(own, aims, recipe) }
        : { ...choices, target: index };
    const part = await (rows === undefined ? run(asked) : rows.run(positions!, { ...asked, output: rows.output }));
    // What the model gives is the same every time, and may be large.
    parts.push(parts.length === 0 ? part : { ...part, output: parts[0]!.output, outputs: parts[0]!.outputs });
  }
  const outputs = rows === undefined ? undefined : await aimed.outputs();
  const whole = aimed.several ? stackedExplanations(parts, (value) => mapsAxis(plan, value)) : parts[0]!;
  return {
    ...whole,
    aims: aimed.rounds[0]!.map((_, n) => aimed.rounds.map((round) => round[n]!)),
    ...(outputs && { outputs, output: outputs[plan.output] ?? whole.output }),
    recipe,
    hash: await recipeHash(recipe),
    // What was taken for a direction was taken for what asked for it.
    notices: [
      ...new Set([
        ...(aimed.notice === undefined ? [] : [aimed.notice]),
        ...notices,
        ...whole.notices.filter((text) => !/^auto took/.test(text)),
      ]),
    ],
  };
};

/** Of aims that are one class at one place, the same for all samples: a direction knows the slope at x, a class has both ends of DeepLIFT's chord. */
const oneIndexOf = ({ sizes }: Aimed, aims: readonly Aim[]): string | undefined => {
  const [first] = aims[0]!.places;
  const alike = aims.every(
    ({ of, places: [place, ...more] }) =>
      of === "class" && more.length === 0 && place?.at === first?.at && place?.weight === 1 && place.against === undefined,
  );
  if (!alike || first === undefined || first.turned) return undefined;
  let rest = first.at;
  const index = [...sizes].reverse().map((size) => {
    const own = rest % size;
    rest = Math.floor(rest / size);
    return own;
  });
  return index.reverse().join(",");
};

/** As for a class: of a probability R = v ⊙ z / p. */
const isShare = (recipe: ResolvedRecipe): boolean =>
  flowOf(recipe) === "relevance" && recipe.score === "probability" && recipe.seed === "one" && recipe.start === undefined;

const startFor = (recipe: ResolvedRecipe): Pick<ExplainOptions, "start"> =>
  flowOf(recipe) !== "relevance" ? {} : { start: isShare(recipe) ? "product" : (recipe.start ?? usualStart(recipe.seed)) };

/** v of every sample, in the explained value's own order of axes. */
const directionOf = (
  { values, sizes, scoring, arrangement }: Aimed,
  aims: readonly Aim[],
  recipe: ResolvedRecipe,
): FloatTensor => {
  const width = values.data.length / aims.length;
  const data = new Float32Array(values.data.length);
  const { seed, score } = recipe;
  const slope: Slope = score === "probability" ? "probability" : typeof seed === "object" ? "logit" : (seed as Slope);
  aims.forEach((aim, n) => {
    const own = values.data.subarray(n * width, (n + 1) * width);
    const led = typeof seed === "object" && score !== "probability" ? against(aim, Number(seed.contrast)) : aim;
    const v = aimDirection(own, sizes, led, slope, scoring);
    const p = isShare(recipe) ? aimScore(own, sizes, aim, "probability", scoring) : 1;
    data.set(p === 1 ? v : v.map((one) => one / p), n * width);
  });
  return restored({ type: "float32", dims: values.dims, data }, arrangement);

  /** Seed `{ contrast }`: that class of each place is taken off. */
  function against(aim: Aim, index: number): Aim {
    return {
      ...aim,
      places: aim.places.map((place) => {
        const rivals = classesOf(sizes, place.at, scoring);
        return rivals === undefined ? place : { ...place, against: classAt(rivals, index) };
      }),
    };
  }
};
