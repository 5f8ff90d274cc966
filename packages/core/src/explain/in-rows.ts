/** A batch in pieces, where a row takes much room while it is explained: memory stays bounded, and progress can be told. */
import { rowsBeside } from "../emit/neuralised/compared.ts";
import { rowsTogether } from "../emit/trees/blocks.ts";
import { fail } from "../errors.ts";
import type { Plan } from "../plan/index.ts";
import type { Session } from "../runtime/runtime.ts";
import { rowsBetween, rowsJoined } from "../tensor/rows.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { rowsOf } from "./given-references.ts";
import type { ExplainOptions } from "./types.ts";

type Tensors = Readonly<Record<string, Tensor>>;

export interface RowRuns {
  readonly plan: Plan;
  /** Rows of a piece; the first one is smaller, so that the pace is known soon. */
  readonly most: number;
  readonly signal?: AbortSignal | undefined;
  onRows?: ((done: number, total: number) => void) | undefined;
}

const FIRST = 16;

/** How a batch of rows goes through trees or kernels; undefined where a row takes no more room than elsewhere. */
export const rowRunsOf = (plan: Plan, { references, signal, onRows }: ExplainOptions): RowRuns | undefined => {
  const { trees, neuralised } = plan;
  if (neuralised !== undefined) return { plan, most: rowsBeside(neuralised.machine.spheres), signal, onRows };
  if (trees === undefined) return undefined;
  const leaves = trees.trees.reduce((count, { ensemble }) => count + ensemble.leaves.length, 0);
  return { plan, most: rowsTogether(leaves, references === undefined ? 1 : rowsOf(references)), signal, onRows };
};

/** All in one run where rows do not lie along the first axis of everything. Errors: Aborted, Runtime. */
export const runInRows = async (
  session: Session,
  feeds: Tensors,
  { plan, most, signal, onRows }: RowRuns,
): Promise<Record<string, Tensor>> => {
  // The class asked for is no value of the model: one for each row, or one for all.
  const forAll = (name: string) => plan.samples.of(name) === undefined && feeds[name]!.dims[0] === 1;
  const shared = Object.keys(feeds).filter(forAll);
  const own = Object.keys(feeds).filter(
    (name) => !plan.samples.whole(name) && (plan.samples.of(name) ?? 0) === 0 && !forAll(name),
  );
  const total = feeds[own[0] ?? ""]?.dims[0] ?? 0;
  const even = own.length + shared.length === Object.keys(feeds).length && own.every((name) => feeds[name]!.dims[0] === total);
  if (!plan.samples.independent || plan.batchAxis !== 0 || !even || total <= most) return session.run(feeds);
  const parts: Record<string, Tensor>[] = [];
  for (let from = 0; from < total; ) {
    if (signal?.aborted) throw fail("Aborted", { what: "stopped" }, signal.reason);
    const to = Math.min(total, from + (from === 0 ? Math.min(FIRST, most) : most));
    const piece = own.map((name) => [name, rowsBetween(feeds[name]!, from, to)] as const);
    parts.push(await session.run(Object.fromEntries([...piece, ...shared.map((name) => [name, feeds[name]!] as const)])));
    from = to;
    onRows?.(from, total);
  }
  return Object.fromEntries(Object.keys(parts[0]!).map((name) => [name, rowsJoined(parts.map((part) => part[name]!))]));
};
