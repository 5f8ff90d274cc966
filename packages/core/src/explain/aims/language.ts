/** Whether the explained values are classes along a sequence, and whether these classes are tokens. */
import type { Shape } from "../../graph/facts.ts";
import type { Plan } from "../../plan/index.ts";
import type { Reading } from "../../reading/index.ts";
import type { LoadedModel } from "../loaded.ts";
import type { OutlineAsked } from "../outline.ts";

export interface Seen {
  readonly plan: Plan;
  readonly reading: Reading;
  /** Which axes after the batch are longer than 1. */
  readonly wide: readonly boolean[];
  shape(value: string): Shape | undefined;
}

export const seenOf = (lit: LoadedModel, asked: OutlineAsked): Seen => {
  const { plan, reading, canonical } = lit.outline(asked);
  const sizes = canonical.facts.shapeOf(plan.start).filter((_, axis) => axis !== plan.batchAxis);
  return { plan, reading, wide: sizes.map((size) => size !== 1), shape: (value) => canonical.facts.shape(value) };
};

export const rolesOf = ({ plan, reading }: Pick<Seen, "plan" | "reading">) =>
  (reading.axes.of(plan.start) ?? []).filter((_, axis) => axis !== plan.batchAxis);

/** Classes at the positions of a sequence. */
export const isSequence = (seen: Seen): boolean => {
  const { plan, wide } = seen;
  const { classAxis, classes } = plan.reading;
  if (!classes || classAxis === undefined || plan.batchAxis === undefined) return false;
  const own = classAxis - Number(classAxis > plan.batchAxis);
  const places = rolesOf(seen).filter((_, axis) => axis !== own && wide[axis]);
  return places.length === 1 && wide.filter(Boolean).length === 2 && ["token", "time"].includes(places[0]!.role);
};

/** As many classes as the table has rows in which tokens are looked up. */
export const isLanguage = (seen: Seen): boolean => {
  if (!isSequence(seen)) return false;
  const { plan, shape } = seen;
  const size = shape(plan.start)?.[plan.reading.classAxis!];
  return size !== null && size !== undefined && tableRows(seen).includes(size);
};

const tableRows = ({ plan }: Seen): readonly number[] =>
  plan.takes.explained.flatMap(({ value }) => (plan.explained.includes(value) ? (plan.takes.tables.get(value) ?? []) : []));

/** Whether words of a target can be tokens: of a language model that comes with a tokenizer and without names of classes. */
export const hasVocabulary = (lit: LoadedModel, asked: OutlineAsked): boolean =>
  lit.options.labels === undefined && lit.options.tokens !== undefined && isLanguage(seenOf(lit, asked));
