/** What is written above a map: what is explained, with the model's number for it, and what wins where that is something else. */
import { typeset } from "@backlit/core";
import { amount, percent } from "../report/numbers.ts";
import type { ExplainedMap, ExplainedRow } from "../rows/explained.ts";
import { type RankedClass, titleOf, winnerBeside } from "../rows/top.ts";
import { isolated } from "./sides.ts";

export interface Heading {
  readonly title: string;
  /** The same where no font has the letters. */
  readonly otherwise: string;
}

const scored = (name: string, { probability, logit, value, unit }: RankedClass): string => {
  const number = logit ?? value;
  if (probability !== undefined) return `${name}  ${percent(probability)}`;
  return number === undefined ? name : `${name}  ${typeset(amount(number))}${unit === undefined ? "" : ` (${unit})`}`;
};

const bare = (one: RankedClass): string => scored(`class ${one.index}`, one);

/** Apart, for places with little room. `winner`: absent where the winner is what is explained. */
export const headingLines = (
  { top }: Pick<ExplainedRow, "top">,
  { target }: Pick<ExplainedMap, "target">,
): Heading & { readonly winner?: Heading } => {
  const winner = winnerBeside(top, target);
  const own = { title: scored(isolated(titleOf(target)), target), otherwise: bare(target) };
  if (winner === undefined) return own;
  return {
    ...own,
    winner: { title: `${scored(isolated(titleOf(winner)), winner)} (winner)`, otherwise: `${bare(winner)} (winner)` },
  };
};

/** On one line: "lynx (287)  3.2 (explained), tiger cat (282)  9.1 (winner)". */
export const headingOf = (row: Pick<ExplainedRow, "top">, map: Pick<ExplainedMap, "target">): Heading => {
  const { winner, ...own } = headingLines(row, map);
  if (winner === undefined) return own;
  return { title: `${own.title} (explained), ${winner.title}`, otherwise: `${own.otherwise} (explained), ${winner.otherwise}` };
};
