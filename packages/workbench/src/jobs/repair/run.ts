/** The job `repair`: a concept taken out of a model (P-ClArC), learnt from samples without it and with it, or given. */
import {
  type ConceptDirection,
  commonRegion,
  conceptDirection,
  type DirectionMethod,
  type EvaluationData,
  type Explainer,
  fail,
  givenAtPositions,
  givenDirection,
  isLocal,
  load,
  PATCHES_LEVEL,
  positionDirection,
  type RepairScope,
  repairModel,
  repairPlace,
  shareWithin,
  VERSION,
} from "@backlit/core";
import { dataAt } from "../../data/at.ts";
import { stored } from "../compile/store.ts";
import { asUsage } from "../evaluate/run.ts";
import { type JudgeRequest, openSession } from "../evaluate/session.ts";
import type { OutputFile } from "../output.ts";
import type { JobContext } from "../request.ts";
import { accuracyOf, mapsOf, type Seen, seen } from "./seen.ts";

/** What is taken out: a channel, a direction (a number a channel, or a neuron), or what some samples of the data have and others have not, by their numbers. */
export type RepairConcept =
  | { readonly channel: number }
  | { readonly vector: readonly number[] }
  | {
      readonly artefact: readonly number[];
      readonly clean: readonly number[];
      /** It is at another place in each of them. */
      readonly anywhere?: true;
    };

export interface RepairRequest extends Omit<JudgeRequest, "target"> {
  /** `data`: samples without the artefact; these have it. */
  readonly artefacts?: string;
  /** Default: what tells `data` from `artefacts`. */
  readonly concept?: RepairConcept;
  /** The value at which it is taken out. */
  readonly value: string;
  /** How its direction is found; `auto` (default): of patches `svm` for what is anywhere in samples of one class, else what tells samples apart better that it was not learnt from; of equals and of other scopes `pattern`. */
  readonly direction?: DirectionMethod | "auto";
  /** What the direction has a number for; default: of what may be anywhere patches, else what tells the samples apart better, of equals neurons. */
  readonly scope?: RepairScope;
  /** Only samples with more of it than 95 % of the clean ones have are changed. */
  readonly reactive?: boolean;
  /** The name of the file to write. */
  readonly out: string;
}

interface BeforeAfter {
  readonly before: number;
  readonly after: number;
}

/** Of samples of one kind. */
interface Outcome {
  readonly samples: number;
  /** Samples whose class is another one afterwards. */
  readonly changed: number;
  /** Share of right classes, where samples have labels. */
  readonly accuracy?: BeforeAfter;
  /** Mean share of |R| in the region. */
  readonly relevance?: BeforeAfter;
}

interface TriedDirection {
  readonly scope: RepairScope;
  readonly method: ConceptDirection["method"];
  readonly separated: number;
}

interface RepairDocument {
  readonly version: string;
  readonly model: { readonly name: string; readonly sha256: string; readonly identity: string };
  readonly file: string;
  readonly value: string;
  readonly axis: number;
  readonly scope: RepairScope;
  readonly reactive: boolean;
  readonly direction: ConceptDirection;
  /** Where several directions were learnt: each, with the share of the samples that it tells apart. */
  readonly tried?: readonly TriedDirection[];
  readonly clean: Outcome;
  readonly artefacts?: Outcome;
  /** Of the input, height × width: where samples with the artefact have relevance that clean ones have not. */
  readonly region?: { readonly size: readonly [number, number]; readonly cells: readonly number[] };
}

export interface RepairResult {
  readonly v: 1;
  readonly document: RepairDocument;
  readonly files: readonly OutputFile[];
}

/** Samples of one kind. */
interface Kind {
  readonly data: EvaluationData;
  readonly samples?: readonly number[] | undefined;
}

/** Half would be chance. */
const POOR = 0.8;
/** Activations kept at once for a direction among neurons: 512 MB. */
const MOST = 2 ** 27;

/** Errors: Usage, NotFound, BadInput where no channel tells the samples apart, BadRecipe, Unsupported. */
export const repairJob = async (request: RepairRequest, context: JobContext): Promise<RepairResult> => {
  const { host, listener } = context;
  const { artefacts: path, value, concept, reactive = false, out } = request;
  await using session = await openSession({ ...request, workers: 1 }, context);
  const { bundle, data, lits } = session;
  const [lit] = lits as [Explainer];
  const { neurons, channels, ...place } = await asUsage(Promise.resolve().then(() => repairPlace(lit, { value })));
  const options = { label: request.label, target: "top" as const, limit: request.limit, note: listener.note };
  const other = path === undefined ? undefined : (await dataAt(host, path, bundle, options)).data;
  const [clean, artefact] = kindsOf(concept, data, other);
  const count = clean.data.count + (artefact?.data.count ?? 0);
  const activations = (neurons ?? Number.POSITIVE_INFINITY) * count;
  const scopes = scopesOf(request, { neurons, activations });
  const look = (kind: Kind) => ({ of: { value, axis: place.axis }, scopes, samples: kind.samples });
  const before = {
    clean: await seen(lit, clean.data, look(clean), context),
    ...(artefact && { artefact: await seen(lit, artefact.data, look(artefact), context) }),
  };
  const found = foundAt(request, { scopes, channels }, before);
  const { scope, direction } = chosenOf(found, concept);
  if (direction.separated !== undefined && direction.separated < POOR)
    listener.note(
      `only ${Math.round(100 * direction.separated)} % of the samples lie on their own side along the concept's direction: another value may tell them better`,
    );
  const repaired = await asUsage(
    Promise.resolve().then(() => repairModel(bundle.model, { value, ...place, scope, direction, reactive })),
  );
  await using fixed = await load(lit.bytes, { ...lit.options, model: repaired });
  const outcome = async (kind: Kind, was: Seen): Promise<Outcome> => {
    const now = await seen(fixed, kind.data, { ...look(kind), scopes: [] }, context);
    const [old, fresh] = [was, now].map((one) => accuracyOf(one, bundle.labels));
    return {
      samples: was.winners.length,
      changed: now.winners.filter((winner, n) => winner !== was.winners[n]).length,
      ...(old !== undefined && fresh !== undefined && { accuracy: { before: old, after: fresh } }),
    };
  };
  const outcomes = {
    clean: await outcome(clean, before.clean),
    ...(artefact && { artefacts: await outcome(artefact, before.artefact!) }),
  };
  const relevance = artefact && (await relevanceOf([lit, fixed], { clean, artefact }, context));
  const { files } = await stored(repaired, bundle, out, false);
  const document: RepairDocument = {
    version: VERSION,
    model: { name: bundle.name, sha256: await lit.sha256, identity: await lit.identity },
    ...{ file: out, value, axis: place.axis, scope, reactive, direction },
    ...(found.length > 1 && { tried: found.map(tried) }),
    clean: { ...outcomes.clean, ...(relevance && { relevance: relevance.clean }) },
    ...(outcomes.artefacts && { artefacts: { ...outcomes.artefacts, ...(relevance && { relevance: relevance.artefact }) } }),
    ...(relevance && { region: relevance.region }),
  };
  return { v: 1, document, files };
};

const kindsOf = (
  concept: RepairConcept | undefined,
  data: EvaluationData,
  other: EvaluationData | undefined,
): readonly [Kind, Kind | undefined] => {
  if (concept !== undefined && "artefact" in concept) {
    const most = [...concept.artefact, ...concept.clean].reduce((a, b) => Math.max(a, b), -1);
    if (most >= data.count)
      throw fail("BadInput", { what: `sample ${most} of ${data.count}`, fix: "give the data that the clusters are of" });
    return [
      { data, samples: concept.clean },
      { data, samples: concept.artefact },
    ];
  }
  if (concept === undefined && other === undefined)
    throw fail("Usage", { what: "no samples with the artefact", fix: "name some, or give --concept" });
  return [{ data }, other && { data: other }];
};

interface Sizes {
  /** Of a sample. */
  readonly neurons: number | undefined;
  /** Of all samples. */
  readonly activations: number;
}

/** Scopes that can be tried: among neurons only where sizes are fixed and activations fit; a mark that may be anywhere by its patches. */
const scopesOf = ({ scope, concept }: RepairRequest, { neurons, activations }: Sizes): readonly RepairScope[] => {
  if (scope !== undefined && scope !== "channels" && activations > MOST)
    throw fail("Unsupported", {
      what: neurons === undefined ? `scope ${scope} of a value of free size` : `${activations} activations at once`,
      fix: "--scope channels, or fewer samples: --limit",
    });
  if (scope !== undefined) return [scope];
  if (activations > MOST) return ["channels"];
  if (concept !== undefined && "artefact" in concept && concept.anywhere) return ["patches"];
  if (concept === undefined || "artefact" in concept) return LEARNT;
  return ["vector" in concept && concept.vector.length === neurons ? "neurons" : "positions"];
};

/** Tried one after the other. */
const LEARNT: readonly RepairScope[] = ["neurons", "channels"];

interface Found {
  readonly scope: RepairScope;
  readonly direction: ConceptDirection;
}

/** What tells samples apart better, of equals the first. Not so where samples with the concept are of one class and clean ones of all: the pattern is then of the class, too, and tells those apart by that. */
const chosenOf = (found: readonly Found[], concept: RepairConcept | undefined): Found => {
  const filter = found.find(({ scope, direction }) => scope === "patches" && direction.method === "svm");
  if (filter && concept !== undefined && "anywhere" in concept && concept.anywhere) return filter;
  return found.reduce((best, one) => (separation(one) > separation(best) ? one : best));
};

const separation = ({ direction }: Found): number => direction.separated ?? 0;

const tried = (found: Found): TriedDirection => ({
  scope: found.scope,
  method: found.direction.method,
  separated: separation(found),
});

/** A direction that is projected away is the pattern; of patches it only says where the mark is, and a filter may do that better than a pattern (Haufe et al. 2014). */
const methodsOf = (scope: RepairScope, { direction = "auto" }: RepairRequest): readonly DirectionMethod[] =>
  direction !== "auto" ? [direction] : scope === "patches" ? ["pattern", "svm"] : ["pattern"];

/** In each scope by each method; of equals the first is meant. */
const foundAt = (
  request: RepairRequest,
  { scopes, channels }: { readonly scopes: readonly RepairScope[]; readonly channels: number | undefined },
  { clean, artefact }: { readonly clean: Seen; readonly artefact?: Seen },
): readonly Found[] =>
  scopes.flatMap((scope): readonly Found[] => {
    const { concept } = request;
    const examples = { clean: clean.rows[scope]!, artefact: artefact?.rows[scope] ?? [] };
    const local = isLocal(scope);
    const level = scope === "patches" ? PATCHES_LEVEL : undefined;
    const width = local ? channels! : (examples.clean[0]?.length ?? 0);
    if (concept === undefined || "artefact" in concept)
      return methodsOf(scope, request).map((method) => ({
        scope,
        direction: local ? positionDirection(examples, width, method, level) : conceptDirection(examples, method),
      }));
    const vector = "vector" in concept ? concept.vector : Array.from({ length: width }, (_, c) => Number(c === concept.channel));
    return [{ scope, direction: local ? givenAtPositions(vector, examples, width, level) : givenDirection(vector, examples) }];
  });

/** How much relevance lies where the artefact has drawn some. */
const relevanceOf = async (
  [lit, fixed]: readonly [Explainer, Explainer],
  kinds: { readonly clean: Kind; readonly artefact: Kind },
  context: JobContext,
) => {
  const maps = (of: Explainer, { data, samples }: Kind) => mapsOf(of, data, samples, context);
  const [clean, artefact] = [await maps(lit, kinds.clean), await maps(lit, kinds.artefact)];
  const { cells } = commonRegion(artefact.rows, clean.rows);
  const [cleanAfter, artefactAfter] = [await maps(fixed, kinds.clean), await maps(fixed, kinds.artefact)];
  const mean = ({ rows }: typeof clean) => shareWithin(rows, cells).reduce((a, b) => a + b, 0) / rows.length;
  return {
    region: { size: clean.size, cells },
    clean: { before: mean(clean), after: mean(cleanAfter) },
    artefact: { before: mean(artefact), after: mean(artefactAfter) },
  };
};
