/** The players of the game: columns of what is explained. A category, or all that became of a column, is one of them. */
import { fail } from "../../errors.ts";
import type { Facts } from "../../graph/facts.ts";
import { sizeOf } from "../../graph/facts.ts";
import { type GraphNode, nodeLabel, opName } from "../../graph/graph.ts";
import type { Feature, Reading } from "../../reading/index.ts";
import { type Ensemble, featuresAsked } from "../../trees/index.ts";
import { ASKING } from "../reaches.ts";

export interface Players {
  readonly count: number;
  /** Of each number in a row of each explained value. */
  readonly of: ReadonlyMap<string, readonly number[]>;
  /** Of each feature of the trees, −1 for those they never ask. Errors: Unsupported. */
  playersOf(node: GraphNode, ensemble: Ensemble): readonly number[];
}

interface Where {
  readonly facts: Facts;
  readonly reading: Reading;
  readonly isInput: (value: string) => boolean;
}

/** `moving`: what is explained, and what the model takes in besides. */
export const playersIn = (moving: readonly string[], where: Where): Players => {
  const numbers = new Map<string, number>();
  const numberOf = (key: string): number => {
    const known = numbers.get(key) ?? numbers.size;
    numbers.set(key, known);
    return known;
  };
  const of = new Map(moving.map((value) => [value, (keysOf(value, where) ?? columnsOf(value, where)).map(numberOf)]));
  return {
    count: numbers.size,
    of,
    playersOf: (node, ensemble) => {
      const value = node.input[0]!;
      const own = of.get(value);
      if (own !== undefined) return own;
      const keys = keysOf(value, where);
      const asked = featuresAsked(ensemble);
      const lost = asked.find((feature) => keys?.[feature] === undefined || !numbers.has(keys[feature]!));
      if (lost === undefined) return keys!.map((key) => numbers.get(key) ?? -1);
      throw fail("Unsupported", {
        what: `column ${lost} of the trees is no column of what is explained`,
        where: `${opName(node)} '${nodeLabel(node)}', input '${value}'`,
        why: "several columns are mixed on the way to it, or it comes from elsewhere",
        fix: `explain what the trees take in with --explain '${value}', or take ${ASKING}`,
      });
    },
  };
};

const columnsOf = (value: string, { facts }: Where): readonly string[] =>
  Array.from({ length: sizeOf((facts.shape(value) ?? []).slice(1)) ?? 0 }, (_, column) => `${value}:${column}`);

/** Undefined where it is not known what became of the columns. */
const keysOf = (value: string, where: Where): readonly string[] | undefined =>
  where.isInput(value) ? columnsOf(value, where) : where.reading.features([value])[value]?.map(keyOf);

const keyOf = ({ input, column, nGram }: Feature): string =>
  `${input}:${column ?? 0}${nGram === undefined ? "" : `:${nGram.text}`}`;
