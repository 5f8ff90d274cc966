/** What a method of many passes explains, map by map: a class of each sample, or an aim. */
import type { OracleOptions } from "../oracle/oracle.ts";
import { scoringOf } from "../oracle/score.ts";
import type { Plan } from "../plan/index.ts";
import type { FloatTensor } from "../tensor/float.ts";
import type { Aimed } from "./aims/index.ts";
import { classRounds, rivalAt } from "./classes.ts";
import type { LoadedModel } from "./loaded.ts";
import type { ExplainOptions } from "./types.ts";

type Round = Pick<OracleOptions, "targets" | "against" | "aims">;

export interface Rounds {
  readonly rounds: readonly Round[];
  /** They stand along an axis of their own. */
  readonly several: boolean;
}

/** What an aim's target says: it has no index. */
export const NO_INDEX = [-2] as const;

/** `ranked`: what says which classes win. Errors: BadTarget. */
export const roundsOf = (
  lit: LoadedModel,
  options: Pick<ExplainOptions, "target" | "output" | "seed">,
  { plan, ranked, aimed }: { readonly plan: Plan; readonly ranked: FloatTensor; readonly aimed: Aimed | undefined },
): Rounds => {
  if (aimed !== undefined)
    return {
      rounds: aimed.rounds.map((aims) => ({ aims, targets: aims.map(() => NO_INDEX) })),
      several: aimed.several,
    };
  const contrast = lit.against(options);
  lit.checkNamed(options, plan);
  const target = lit.asked(options.target, options.output);
  const scoring = scoringOf(plan);
  const rounds = classRounds(target, ranked, scoring);
  // `A minus B` names one A for all samples.
  const against = contrast === undefined ? undefined : rivalAt(rounds[0]![0]!, contrast, ranked.dims.slice(1), scoring);
  return {
    rounds: rounds.map((targets) => ({ targets, ...(against && { against }) })),
    several: target.kind === "top" || target.kind === "list",
  };
};
