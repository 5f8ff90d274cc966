/** The job `subspaces`: a model whose channels at one value are turned to principal relevant components (PRCA), learnt from data. */
import {
  type Explainer,
  fail,
  relevantSubspaces,
  repairPlace,
  subspacesOf,
  type Tensor,
  VERSION,
  withSubspaces,
} from "@backlit/core";
import { stored } from "../compile/store.ts";
import { type DataSetRequest, explainedBy } from "../data-set.ts";
import { asUsage } from "../evaluate/run.ts";
import { type JudgingSession, openSession } from "../evaluate/session.ts";
import type { OutputFile } from "../output.ts";
import type { JobContext } from "../request.ts";

export interface SubspacesRequest extends Omit<DataSetRequest, "store" | "workers"> {
  /** The value inside whose channels are turned. */
  readonly value: string;
  /** The name of the file to write. */
  readonly out: string;
}

export interface SubspacesDocument {
  readonly version: string;
  readonly model: { readonly name: string; readonly sha256: string; readonly identity: string };
  readonly data: { readonly name: string; readonly sha256: string; readonly count: number };
  readonly file: string;
  /** The value of the file whose channels are the subspaces, and the axis that counts them. */
  readonly value: string;
  readonly axis: number;
  readonly hash: string;
  /** Mean relevance of a sample along each, descending: what passes the value is their sum. */
  readonly relevance: readonly number[];
}

export interface SubspacesResult {
  readonly v: 1;
  readonly document: SubspacesDocument;
  readonly files: readonly OutputFile[];
}

/** Errors: Usage, NotFound, BadInput, BadRecipe for a value without channels; those of `explain`; Aborted. */
export const subspacesJob = async (request: SubspacesRequest, context: JobContext): Promise<SubspacesResult> => {
  const { value, out } = request;
  await using session = await openSession({ ...request, workers: 1 }, context);
  const { bundle, data, lits } = session;
  const [lit] = lits as [Explainer];
  const { rank, axis } = await asUsage(Promise.resolve().then(() => repairPlace(lit, { value })));
  const { hash, found } = await asUsage(learnt(session, { value, axis, options: explainedBy(request, session) }, context));
  const { axes, relevance, positions } = found.result();
  const turned = await asUsage(Promise.resolve().then(() => withSubspaces(bundle.model, { value, rank, axis, axes })));
  const { files } = await stored(turned, bundle, out, false);
  const document: SubspacesDocument = {
    version: VERSION,
    model: { name: bundle.name, sha256: await lit.sha256, identity: await lit.identity },
    data: { name: data.name, sha256: data.sha256, count: data.count },
    ...{ file: out, value: subspacesOf(value), axis, hash },
    relevance: relevance.map((mean) => (mean * positions) / data.count),
  };
  return { v: 1, document, files };
};

interface Asked {
  readonly value: string;
  readonly axis: number;
  readonly options: ReturnType<typeof explainedBy>;
}

const learnt = async (
  { data, lits, target, targetFiles }: JudgingSession,
  { value, axis, options }: Asked,
  { listener, signal }: JobContext,
) => {
  const lit = lits[0]!;
  const found = relevantSubspaces();
  let hash = "";
  for (let from = 0; from < data.count; from += data.chunk ?? 16) {
    if (signal?.aborted) throw fail("Aborted", { what: "stopped" }, signal.reason);
    const { x, targets } = await data.read(from, Math.min(data.chunk ?? 16, data.count - from));
    const aimed = {
      ...(target !== undefined ? { target } : targets && { target: targets }),
      ...(targetFiles && { targetFiles }),
    };
    const explained = await lit.explain(x, { ...options, ...aimed, layers: [value] });
    hash = explained.hash;
    found.add(await activationOf(lit, x, value), explained.layers[value]!, axis);
    listener.working(`${data.name}, ${Math.min(data.count, from + (data.chunk ?? 16))} of ${data.count} samples`);
  }
  return { hash, found };
};

const activationOf = async (lit: Explainer, x: Tensor | Readonly<Record<string, Tensor>>, value: string): Promise<Tensor> => {
  const { values } = await lit.explain(x, { method: "gradient", onUnsupported: "detach", explain: [value] });
  return values[value]!;
};
