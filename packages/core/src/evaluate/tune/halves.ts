/** The two halves of the data: one to search on, one to report on. Drawn by a seed, class by class. */

import { fail } from "../../errors.ts";
import type { Explainer } from "../../explain/index.ts";
import { append } from "../../numeric/extremes.ts";
import { grouped } from "../../numeric/grouped.ts";
import { randomBy } from "../../numeric/random.ts";
import { isAim } from "../../oracle/oracle.ts";
import { judgeOf } from "../run/judge.ts";
import type { EvaluationData } from "../run/task.ts";

export interface Halves {
  /** Numbers of samples in the data, ascending: to search on, and kept for the report. */
  readonly search: readonly number[];
  readonly held: readonly number[];
  /** What both halves have alike shares of. */
  readonly strata: "labels" | "predicted classes" | "given classes";
}

const KEY = 41;

/** Every sample's class: its label, or the class it is judged by. Reads the data once and runs the model on it. */
export const classesOf = async (
  lit: Explainer,
  data: EvaluationData,
  asked: { readonly explain?: string | readonly string[]; readonly output?: string; readonly signal?: AbortSignal },
): Promise<{ readonly names: readonly string[]; readonly classes: readonly string[]; readonly strata: Halves["strata"] }> => {
  const names: string[] = [];
  const labels: (string | undefined)[] = [];
  const judged: string[] = [];
  let given = true;
  const { chunk = 16 } = data;
  const { explain, output, signal } = asked;
  const own = { ...(explain && { explain }), ...(output && { output }), ...(signal && { signal }) };
  for (let from = 0; from < data.count; from += chunk) {
    if (asked.signal?.aborted) throw fail("Aborted", { what: "stopped" }, asked.signal.reason);
    const part = await data.read(from, Math.min(chunk, data.count - from));
    append(names, part.names);
    append(
      labels,
      part.names.map((_, n) => part.labels?.[n]),
    );
    given &&= part.targets !== undefined;
    const model = part.targets === undefined ? (await judgeOf(lit, part.x, own)).model : undefined;
    const targets = part.targets ?? model!.targets.map((_, n) => model!.judged(n));
    append(
      judged,
      targets.map((target) => (isAim(target) ? target.name : target.join(","))),
    );
  }
  if (labels.every((label) => label !== undefined)) return { names, classes: labels as string[], strata: "labels" };
  return { names, classes: judged, strata: given ? "given classes" : "predicted classes" };
};

/**
 * Half of every class to each side, in an order drawn by the seed; of a class with an odd count the sample too many goes to the
 * smaller half, to the search first.
 */
export const halvesOf = (classes: readonly string[], seed: number): Pick<Halves, "search" | "held"> => {
  const members = grouped(classes.map((name, n) => [name, n] as const));
  const search: number[] = [];
  const held: number[] = [];
  for (const [i, [, own]] of [...members].entries()) {
    const order = Array.from(randomBy(seed).stream(i, 0, KEY).permutation(own.length), (k) => own[k]!);
    const more = search.length <= held.length ? Math.ceil(own.length / 2) : Math.floor(own.length / 2);
    append(search, order.slice(0, more));
    append(held, order.slice(more));
  }
  const ascending = (a: number, b: number) => a - b;
  return { search: search.sort(ascending), held: held.sort(ascending) };
};
