/** The metrics of an audit, one after the other: one that the model or method does not allow leaves the others their results. */
import {
  type EvaluatedSample,
  type EvaluationSetting,
  type EvaluationTask,
  type Explainer,
  evaluate,
  isBacklitError,
  type MethodChoice,
} from "@backlit/core";
import { settingTitle } from "../../report/score-table.ts";
import type { AuditScore } from "./document.ts";

export interface Scored {
  readonly scores: readonly AuditScore[];
  /** Why a metric has no scores, by its name. */
  readonly refused: Readonly<Record<string, string>>;
  readonly samples: readonly EvaluatedSample[];
  readonly recipe: unknown;
  readonly hash: string;
  readonly notices: readonly string[];
}

export const FAITHFULNESS = "srg";
const DRAWS = 3;

type Task = Omit<EvaluationTask, "methods" | "settings">;

/** The first setting must be one that any method allows. Errors: those of `evaluate`; BadRecipe of metrics but the first is kept. */
export const scored = async (
  lits: readonly Explainer[],
  task: Task,
  method: MethodChoice,
  settings: readonly EvaluationSetting[],
): Promise<Scored> => {
  const scores: AuditScore[] = [];
  const refused: Record<string, string> = {};
  const notices = new Set<string>();
  let first: Pick<Scored, "samples" | "recipe" | "hash"> | undefined;
  for (const setting of settings) {
    try {
      // Random maps are the measure of faithfulness alone.
      const randomDraws = setting.metric === FAITHFULNESS ? DRAWS : 0;
      const result = await evaluate(lits, { ...task, methods: [method], settings: [setting], randomDraws });
      first ??= { samples: result.samples, recipe: result.methods[0]!.recipe, hash: result.methods[0]!.hash };
      result.notices.forEach((notice) => void notices.add(notice));
      for (const { table, methods, floor } of result.summary.tables) {
        const { score, direction } = result.tables[table]!;
        const { n, mean, low, high, median } = methods[0]!;
        scores.push({
          metric: setting.metric,
          setting: settingTitle(setting),
          score,
          ...(direction && { direction }),
          ...{ n, mean, low, high, median },
          ...(floor && { floor }),
        });
      }
    } catch (error) {
      if (first === undefined || !isBacklitError(error, "BadRecipe")) throw error;
      refused[setting.metric] = error.parts.why ?? error.parts.what;
    }
  }
  return { scores, refused, notices: [...notices], ...first! };
};
