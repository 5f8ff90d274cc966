/** A batch in pieces, where a row takes much room while it is explained: memory stays bounded, and progress can be told. */
import { rowsTogether } from "../emit/trees/blocks.ts";
import { fail } from "../errors.ts";
import type { Plan } from "../plan/index.ts";
import type { Session } from "../runtime/runtime.ts";
import type { Tensor, TensorData } from "../tensor/tensor.ts";
import { rowsOf } from "./given-references.ts";
import type { ExplainOptions } from "./types.ts";

type Tensors = Readonly<Record<string, Tensor>>;

export interface Pieces {
  readonly plan: Plan;
  /** Rows of a piece; the first one is smaller, so that the pace is known soon. */
  readonly most: number;
  readonly signal?: AbortSignal | undefined;
  onRows?: ((done: number, total: number) => void) | undefined;
}

const FIRST = 16;

/** How a batch of rows goes through trees. */
export const piecesOf = (plan: Plan, { references, signal, onRows }: ExplainOptions): Pieces => {
  const leaves = plan.trees!.trees.reduce((count, { ensemble }) => count + ensemble.leaves.length, 0);
  return { plan, most: rowsTogether(leaves, references === undefined ? 1 : rowsOf(references)), signal, onRows };
};

/** All in one run where rows do not lie along the first axis of everything. Errors: Aborted, Runtime. */
export const runInRows = async (
  session: Session,
  feeds: Tensors,
  { plan, most, signal, onRows }: Pieces,
): Promise<Record<string, Tensor>> => {
  const own = Object.keys(feeds).filter((name) => !plan.samples.whole(name) && plan.samples.of(name) === 0);
  const total = feeds[own[0] ?? ""]?.dims[0] ?? 0;
  const even = own.length === Object.keys(feeds).length && own.every((name) => feeds[name]!.dims[0] === total);
  if (!plan.samples.independent || plan.batchAxis !== 0 || !even || total <= most) return session.run(feeds);
  const parts: Record<string, Tensor>[] = [];
  for (let from = 0; from < total; ) {
    if (signal?.aborted) throw fail("Aborted", { what: "stopped" }, signal.reason);
    const to = Math.min(total, from + (from === 0 ? Math.min(FIRST, most) : most));
    parts.push(await session.run(Object.fromEntries(own.map((name) => [name, cut(feeds[name]!, from, to)]))));
    from = to;
    onRows?.(from, total);
  }
  return Object.fromEntries(Object.keys(parts[0]!).map((name) => [name, joined(parts.map((part) => part[name]!))]));
};

const widthOf = ({ dims }: Tensor): number => dims.slice(1).reduce((a, b) => a * b, 1);

const cut = (tensor: Tensor, from: number, to: number): Tensor => {
  const width = widthOf(tensor);
  return { ...tensor, dims: [to - from, ...tensor.dims.slice(1)], data: tensor.data.slice(from * width, to * width) } as Tensor;
};

const joined = (parts: readonly Tensor[]): Tensor => {
  const [first] = parts as [Tensor];
  const dims = [parts.reduce((rows, part) => rows + part.dims[0]!, 0), ...first.dims.slice(1)];
  if (first.type === "string") return { ...first, dims, data: parts.flatMap((part) => part.data as readonly string[]) };
  const kind = first.data.constructor as new (length: number) => Exclude<TensorData, readonly string[]>;
  const data = new kind(parts.reduce((length, part) => length + part.data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data as never, at);
    at += part.data.length;
  }
  return { ...first, dims, data } as Tensor;
};
