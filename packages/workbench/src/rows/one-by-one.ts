/** Rows that are shown one after another: of a file of many the first, for what reads like a list has an end. */
import type { ExplainedRow } from "./explained.ts";

/** Of one file, where nobody says how many. */
const FIRST = 20;

/** Every INPUT of its own, and of each INPUT of several rows the first `most`. */
export const oneByOne = (rows: readonly ExplainedRow[], most = FIRST): readonly ExplainedRow[] =>
  rows.filter(({ index = 0 }) => index < most);

/** What is left out, in words; undefined where nothing is. */
export const leftOut = (rows: readonly ExplainedRow[], most?: number): string | undefined => {
  const shown = oneByOne(rows, most).length;
  if (shown === rows.length) return undefined;
  return `${shown} of ${rows.length} rows are shown one by one, ${rows.length - shown} are left out (--rows shows more, --values and --relevance hold all)`;
};
