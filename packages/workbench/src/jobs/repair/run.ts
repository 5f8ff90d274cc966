/** The job `repair`: a concept taken out of a model, learnt from samples without it and with it (P-ClArC). */
import {
  append,
  type ChannelsOf,
  type ConceptDirection,
  conceptDirection,
  type DirectionMethod,
  type EvaluationData,
  type Explainer,
  fail,
  largestActivations,
  load,
  repairModel,
  repairPlace,
  VERSION,
} from "@backlit/core";
import { dataAt } from "../../data/at.ts";
import { stored } from "../compile/store.ts";
import { asUsage } from "../evaluate/run.ts";
import { type JudgeRequest, openSession } from "../evaluate/session.ts";
import type { OutputFile } from "../output.ts";
import type { JobContext } from "../request.ts";

export interface RepairRequest extends Omit<JudgeRequest, "target"> {
  /** `data`: samples without the artefact; these have it. */
  readonly artefacts: string;
  /** The value at which it is taken out. */
  readonly value: string;
  /** How its direction is found; default `pattern`. */
  readonly direction?: DirectionMethod;
  /** Only samples with more of it than 95 % of the clean ones have are changed. */
  readonly reactive?: boolean;
  /** The name of the file to write. */
  readonly out: string;
}

interface RepairDocument {
  readonly version: string;
  readonly model: { readonly name: string; readonly sha256: string; readonly identity: string };
  readonly file: string;
  readonly value: string;
  readonly axis: number;
  readonly reactive: boolean;
  readonly direction: ConceptDirection;
  readonly samples: { readonly clean: number; readonly artefacts: number };
  /** Samples whose class is another one afterwards. */
  readonly changed: { readonly clean: number; readonly artefacts: number };
}

export interface RepairResult {
  readonly v: 1;
  readonly document: RepairDocument;
  readonly files: readonly OutputFile[];
}

/** Errors: Usage, NotFound, BadInput where no channel tells the samples apart, BadRecipe, Unsupported. */
export const repairJob = async (request: RepairRequest, context: JobContext): Promise<RepairResult> => {
  const { host, listener } = context;
  const { artefacts: path, value, direction: method, reactive = false, out } = request;
  await using session = await openSession({ ...request, workers: 1 }, context);
  const { bundle, data, lits } = session;
  const [lit] = lits as [Explainer];
  const place = await asUsage(Promise.resolve().then(() => repairPlace(lit, { value })));
  const of = { value, axis: place.axis };
  const other = await dataAt(host, path, bundle, {
    label: request.label,
    target: "top",
    limit: request.limit,
    note: listener.note,
  });
  const clean = await samplesOf(lit, data, of, context);
  const artefact = await samplesOf(lit, other.data, of, context);
  const direction = conceptDirection({ clean: clean.activations, artefact: artefact.activations }, method);
  if (direction.separated < POOR)
    listener.note(
      `only ${Math.round(100 * direction.separated)} % of the samples lie on their own side along the concept's direction: another value may tell them better`,
    );
  const repaired = await asUsage(
    Promise.resolve().then(() => repairModel(bundle.model, { value, ...place, direction, reactive })),
  );
  await using fixed = await load(lit.bytes, { ...lit.options, model: repaired });
  const changed = async (set: typeof data, before: Seen) => {
    const after = await samplesOf(fixed, set, of, context);
    return after.winners.filter((winner, n) => winner !== before.winners[n]).length;
  };
  const { files } = await stored(repaired, bundle, out, false);
  const document: RepairDocument = {
    version: VERSION,
    model: { name: bundle.name, sha256: await lit.sha256, identity: await lit.identity },
    ...{ file: out, value, axis: place.axis, reactive, direction },
    samples: { clean: clean.winners.length, artefacts: artefact.winners.length },
    changed: { clean: await changed(data, clean), artefacts: await changed(other.data, artefact) },
  };
  return { v: 1, document, files };
};

/** Half would be chance. */
const POOR = 0.8;

/** Of each sample: the largest activations of the value's channels, and the class that wins. */
interface Seen {
  readonly activations: readonly Float32Array[];
  readonly winners: readonly string[];
}

const samplesOf = async (
  lit: Explainer,
  { count, chunk = 16, read, name }: EvaluationData,
  of: ChannelsOf,
  { listener, signal }: JobContext,
): Promise<Seen> => {
  const activations: Float32Array[] = [];
  const winners: string[] = [];
  for (let from = 0; from < count; from += chunk) {
    if (signal?.aborted) throw fail("Aborted", { what: "stopped" }, signal.reason);
    const { x } = await read(from, Math.min(chunk, count - from));
    const { channels, target } = await lit.explain(x, { method: "gradient", onUnsupported: "detach", channels: [of] });
    append(activations, largestActivations(channels![of.value]!));
    append(
      winners,
      target.map((indices) => indices.join()),
    );
    listener.working(`${name}, ${Math.min(count, from + chunk)} of ${count} samples`);
  }
  return { activations, winners };
};
