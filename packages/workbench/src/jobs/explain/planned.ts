/** What is explained and from where, told before the work begins. */
import { type Choices, type Explainer, fail, type Plan, pairOf } from "@backlit/core";
import type { Listener } from "../../host/listener.ts";
import { DIFFERENCE } from "../../report/difference.ts";
import { outputLine } from "../../report/reading.ts";
import { drawingOf } from "../../rows/explained.ts";
import { passesCard } from "../unread.ts";

type Target = Choices["target"];

export interface Planning {
  readonly lit: Explainer;
  readonly choices: Choices;
  /** What was said when they were chosen. */
  readonly notices: readonly string[];
}

/** The plan of what a request explains, whatever its method makes of it. */
export const explainedPlan = (lit: Explainer, { explain, output }: Choices) => lit.outline({ explain, output });

/** Methods of many passes have no rules of their own. Errors: those of inspect; Unsupported for a seed that nobody feeds. */
export const planOf = ({ lit, choices, notices: chosen }: Planning, { note }: Listener) => {
  const many = passesCard(choices.method) !== undefined;
  const { plan, reading, notices } = many ? explainedPlan(lit, choices) : lit.inspect(choices);
  const difference = plan.recipe.method === "deeplift" || choices.method === "deep-shap" || plan.trees !== undefined;
  note(`${outputLine(lit, choices, plan)}${difference ? `; explained is the ${DIFFERENCE}` : ""}`);
  chosen.forEach(note);
  if (choices.target === "top") noteLargest(lit, plan, note);
  if (!many) notices.forEach(note);
  if (plan.recipe.seed === "vector" || plan.recipe.seed === "direction")
    throw fail("Unsupported", {
      what: `explain has no ${plan.recipe.seed} to start from`,
      fix: `compile with --seed ${plan.recipe.seed === "vector" ? "input" : "direction"} feeds one`,
    });
  // What asks the model as a function knows no layers.
  const visits = many ? {} : (plan.visits ?? {});
  const { candidates } = plan.takes;
  const lookedUp = Object.fromEntries(candidates.map(({ value, inputs }) => [value, inputs]));
  return { plan, drawing: drawingOf(reading, plan), features: reading.features(plan.explained), visits, lookedUp };
};

/** An output of more axes than classes: which of its values is explained when nobody says. */
export const noteLargest = (lit: Explainer, { start, batchAxis }: Plan, note: Listener["note"]): void => {
  const axes = (lit.facts.shapes.get(start) ?? []).filter((size, axis) => axis !== batchAxis && size !== 1);
  if (axes.length < 2) return;
  note(
    `the output has ${axes.map((size) => size ?? "any").join(" × ")} values: the largest is explained (--target ${axes.map((_, i) => "ijkl"[i] ?? "n").join(",")} names another)`,
  );
};

/** B of `A minus B`, as it is called. */
export const rivalOf = (target: Target, labels: readonly string[] = []): string | undefined => {
  const pair = typeof target === "string" && !target.includes("@") ? pairOf(target) : undefined;
  return pair && (labels[Number(pair[1])] ?? `class ${pair[1]}`);
};

/** Classes of one row, where several are asked for. */
export const mapsOf = (target: Target): number | undefined => {
  if (typeof target === "object") return target.list.length;
  const top = /^top:(\d+)(@.+)?$/s.exec(String(target))?.[1];
  return top === undefined ? undefined : Number(top);
};
