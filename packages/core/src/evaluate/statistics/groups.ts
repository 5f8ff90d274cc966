/** Methods as the statistics see them: draws of random maps are one. */
import type { EvaluatedMethod } from "../result.ts";

export interface Group {
  readonly name: string;
  readonly random: boolean;
  /** Rows of the tables that are its scores. */
  readonly rows: readonly number[];
}

/** In the order of the methods; random maps as one, last. */
export const groupsOf = (methods: readonly EvaluatedMethod[]): readonly Group[] => {
  const rows = methods.map(({ name, random = false }, row) => ({ name, random, rows: [row] }));
  const draws = rows.filter(({ random }) => random);
  return [
    ...rows.filter(({ random }) => !random),
    ...(draws.length > 0 ? [{ name: draws[0]!.name, random: true, rows: draws.flatMap(({ rows }) => rows) }] : []),
  ];
};
