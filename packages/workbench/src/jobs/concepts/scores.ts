/** Reference samples, and every sample's scores where they are kept, in long form: CSV or Parquet. */
import type { ConceptResult, Ranked } from "@backlit/core";
import { type LongColumn, type LongLine, longTable } from "../../report/long-table.ts";

const COLUMNS: readonly LongColumn[] = [
  { name: "value", type: "STRING" },
  { name: "channel", type: "INT32" },
  { name: "by", type: "STRING" },
  { name: "list", type: "STRING" },
  { name: "class", type: "STRING" },
  { name: "rank", type: "INT32" },
  { name: "sample", type: "INT32" },
  { name: "name", type: "STRING" },
  { name: "score", type: "DOUBLE" },
  { name: "position", type: "INT32" },
];

/** `path`: .parquet, else CSV. `list` is top, bottom, class (the largest of one class), or every (the shares of all samples, of no rank and position). */
export const conceptScores = (path: string, result: ConceptResult): Promise<Uint8Array> =>
  longTable(path, COLUMNS, [...linesOf(result)]);

function* linesOf({ values, samples }: ConceptResult): Generator<LongLine> {
  const classOf = (sample: number) => samples[sample]!.aim ?? samples[sample]!.target.join(",");
  for (const [value, { references, vectors = [] }] of Object.entries(values)) {
    const ranked = function* (own: readonly [by: string, list: string], lists: readonly (readonly Ranked[])[]) {
      for (const [channel, list] of lists.entries())
        for (const [rank, { sample, value: score, position }] of list.entries())
          yield [value, channel, ...own, classOf(sample), rank, sample, samples[sample]!.name, score, position];
    };
    for (const [by, { top, bottom, byClass }] of Object.entries(references)) {
      yield* ranked([by, "top"], top);
      yield* ranked([by, "bottom"], bottom);
      for (const lists of Object.values(byClass)) yield* ranked([by, "class"], lists);
    }
    for (const [sample, vector] of vectors.entries())
      for (const [channel, score] of vector.entries())
        yield [value, channel, "relevance", "every", classOf(sample), null, sample, samples[sample]!.name, score, null];
  }
}
