/** The players of the game: columns of what is explained. A category, or all that became of a column, is one of them. */
import { fail } from "../errors.ts";
import type { Facts } from "../graph/facts.ts";
import { sizeOf } from "../graph/facts.ts";
import { type Graph, type GraphNode, nodeLabel, opName } from "../graph/graph.ts";
import type { Feature, Reading } from "../reading/index.ts";
import { ASKING } from "./reaches.ts";

/** What a map of players is drawn by. */
export interface Columns {
  readonly players: number;
  /** By value that is explained, or moves along: the player of each number in its rows. */
  readonly columns: ReadonlyMap<string, readonly number[]>;
}

export interface Players extends Columns {
  /** Of each number in a row of what a node reads; −1 for what is not `asked` and nobody's. Errors: Unsupported. */
  playersOf(reader: Reader, asked?: readonly number[]): readonly number[];
}

/** Who compares columns: trees, kernels. */
interface Reader {
  readonly node: GraphNode;
  /** What it reads. */
  readonly value: string;
  /** In words. */
  readonly who: string;
}

interface Given {
  readonly graph: Graph;
  readonly facts: Facts;
  readonly reading: Reading;
}

/** `moving`: what is explained, and what the model takes in besides. */
export const playersIn = (moving: readonly string[], { graph, ...given }: Given): Players => {
  const inputs = new Set(graph.inputs.map(({ name }) => name));
  const where = { ...given, isInput: (value: string) => inputs.has(value) };
  const numbers = new Map<string, number>();
  const numberOf = (key: string): number => {
    const known = numbers.get(key) ?? numbers.size;
    numbers.set(key, known);
    return known;
  };
  const of = new Map(moving.map((value) => [value, (keysOf(value, where) ?? columnsOf(value, where)).map(numberOf)]));
  return {
    players: numbers.size,
    columns: of,
    playersOf: ({ node, value, who }, asked) => {
      const own = of.get(value);
      if (own !== undefined) return own;
      const keys = keysOf(value, where);
      const lost = (asked ?? columnsOf(value, where).map((_, k) => k)).find(
        (column) => keys?.[column] === undefined || !numbers.has(keys[column]!),
      );
      if (lost === undefined) return keys!.map((key) => numbers.get(key) ?? -1);
      throw fail("Unsupported", {
        what: `column ${lost} of ${who} is no column of what is explained`,
        where: `${opName(node)} '${nodeLabel(node)}', input '${value}'`,
        why: "several columns are mixed on the way to it, or it comes from elsewhere",
        fix: `explain what ${who} take in with --explain '${value}', or take ${ASKING}`,
      });
    },
  };
};

interface Where extends Omit<Given, "graph"> {
  readonly isInput: (value: string) => boolean;
}

const columnsOf = (value: string, { facts }: Where): readonly string[] =>
  Array.from({ length: sizeOf((facts.shape(value) ?? []).slice(1)) ?? 0 }, (_, column) => `${value}:${column}`);

/** Undefined where it is not known what became of the columns. */
const keysOf = (value: string, where: Where): readonly string[] | undefined =>
  where.isInput(value) ? columnsOf(value, where) : where.reading.features([value])[value]?.map(keyOf);

const keyOf = ({ input, column, nGram }: Feature): string =>
  `${input}:${column ?? 0}${nGram === undefined ? "" : `:${nGram.text}`}`;
