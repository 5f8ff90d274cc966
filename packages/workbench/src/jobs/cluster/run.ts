/** The job `cluster`: heatmaps of a data set, class by class, grouped by what they look at (SpRAy). */
import {
  type Corner,
  canonicalJson,
  type FloatTensor,
  fail,
  heatmapFeatures,
  isBacklitError,
  runtimeKey,
  sha256,
  sharedWork,
  spray,
  topWindows,
  VERSION,
} from "@backlit/core";
import { partsProgress } from "../../words/progress.ts";
import { type DataSetRequest, explainedBy } from "../data-set.ts";
import { asUsage, keptIn } from "../evaluate/run.ts";
import { type JudgingSession, openSession } from "../evaluate/session.ts";
import { planesOf } from "../planes.ts";
import type { JobContext } from "../request.ts";
import { bothKinds } from "./both-kinds.ts";
import { candidatesOf, SUSPICIOUS } from "./candidates.ts";
import type { ClusterCandidate, ClusteredClass, ClusterPictures, ClusterResult, Embedding } from "./result.ts";
import type { VirelayProject } from "./virelay/project.ts";
import { windowCandidates } from "./windows.ts";

export interface ClusterRequest extends DataSetRequest {
  /** Side of the blocks that maps are summed over; default: at most 16 blocks a side. */
  readonly pool?: number;
  /** Neighbours of a map in the graph; number of clusters: defaults are those of `spray`. */
  readonly neighbours?: number;
  readonly clusters?: number;
  readonly random?: number;
  /** Of the plane; default spectral: the second and third eigenvector. */
  readonly embedding?: Embedding;
  /** Pictures of some samples are wanted, for a page. */
  readonly pictures?: boolean;
}

/** The maps of one chunk, pooled: plain data. */
interface Pooled {
  readonly targets: readonly (readonly number[])[];
  readonly names: readonly string[];
  readonly rows: readonly (readonly number[])[];
  /** Where each has most relevance. */
  readonly windows: readonly (readonly Corner[])[];
  readonly pool: number;
  readonly size: readonly [number, number];
  readonly channel?: number;
  readonly recipe: unknown;
  readonly hash: string;
  readonly notices: readonly string[];
}

const CELLS = 16;
/** Windows of each map, a quarter of the larger side. */
const WINDOWS = 2;
const PARTS = 4;
/** Below, groups of a class mean nothing. */
const LEAST = 10;

/** `take`: gets the clusters as a project of ViRelAy. Errors: Usage, NotFound, BadInput, those of `explain` and `take`. */
export const clusterJob = async (
  request: ClusterRequest,
  context: JobContext,
  take?: (project: VirelayProject) => Promise<void>,
): Promise<ClusterResult & { readonly pictures?: ClusterPictures }> => {
  const { listener, signal } = context;
  await using session = await openSession(request, context);
  const { bundle, data, lits } = session;
  const [lit] = lits;
  const chunks = await asUsage(pooledChunks(request, session, context));
  for (const notice of new Set(chunks.flatMap(({ notices }) => notices))) listener.note(notice);
  const all = chunks
    .flatMap(({ targets, names, rows, windows }) =>
      targets.map((target, n) => ({ target, name: names[n]!, row: rows[n]!, windows: windows[n]! })),
    )
    .map((one, sample) => ({ ...one, sample }));
  const classes: ClusteredClass[] = [];
  const groups: { one: ClusteredClass; rows: readonly (readonly number[])[] }[] = [];
  const few: string[] = [];
  for (const key of new Set(all.map(({ target }) => target.join()))) {
    if (signal?.aborted) throw fail("Aborted", { what: "stopped" }, signal.reason);
    const own = all.filter(({ target }) => target.join() === key);
    const label = bundle.labels?.[own[0]!.target.at(-1) ?? -1];
    if (own.length < LEAST) {
      few.push(label ?? key);
      continue;
    }
    const { neighbours, clusters, random: seed, embedding } = request;
    const width = own[0]!.row.length;
    const maps: FloatTensor = {
      type: "float32",
      dims: [own.length, 1, 1, width],
      data: Float32Array.from(own.flatMap(({ row }) => row)),
    };
    const options = {
      ...(neighbours !== undefined && { neighbours }),
      ...(clusters !== undefined && { clusters }),
      ...(seed !== undefined && { seed }),
    };
    const found = await asUsage(Promise.resolve().then(() => spray(maps, options)));
    const one: ClusteredClass = {
      ...found,
      ...(embedding === "umap" && { places: await byUmap(maps, { neighbours, seed }) }),
      target: own[0]!.target,
      ...(label !== undefined && { label }),
      samples: own.map(({ sample }) => sample),
      names: own.map(({ name }) => name),
    };
    classes.push(one);
    groups.push({ one, rows: own.map(({ row }) => row) });
  }
  if (few.length > 0) listener.note(`left out, with fewer than ${LEAST} samples: ${few.join(", ")}`);
  const { pool, size, channel, recipe, hash } = chunks[0]!;
  const side = sideOf(size);
  const candidates = await suspects(async () => {
    const regions = await candidatesOf(lit!, groups, { data, pool, size, channel }, context);
    if (side === undefined) return regions;
    const windows = new Map(all.map((one) => [one.sample, one.windows]));
    return bothKinds(regions, await windowCandidates(lit!, classes, { data, side, windows, size, channel }, context));
  }, context);
  const result: ClusterResult = {
    v: 1,
    version: VERSION,
    model: { name: bundle.name, sha256: await lit!.sha256, identity: await lit!.identity },
    data: { name: data.name, sha256: data.sha256, count: data.count },
    ...{ pool, recipe, hash, size, classes, candidates, threshold: SUSPICIOUS },
    embedding: request.embedding ?? "spectral",
  };
  if (take) {
    const { virelayProject } = await import("./virelay/project.ts");
    listener.progress("explaining again, for ViRelAy");
    const asked = { options: explainedBy(request, session), labelled: request.target === "label" };
    await asUsage(take(virelayProject(session, result, asked)));
  }
  if (!request.pictures) return result;
  const { clusterPictures } = await import("./pictures.ts");
  return { ...result, pictures: await asUsage(clusterPictures(session, result, explainedBy(request, session), context)) };
};

/** Of windows, in pixels; none where there is one row: columns of a table, a series. */
const sideOf = ([height, width]: readonly [number, number]): number | undefined =>
  height === 1 || width === 1 ? undefined : Math.max(1, Math.round(Math.max(height, width) / PARTS));

/** Of the same features that groups are made of. */
const byUmap = async (maps: FloatTensor, options: { neighbours: number | undefined; seed: number | undefined }) => {
  const { umapPlaces } = await import("./umap.ts");
  return umapPlaces(heatmapFeatures(maps), options);
};

/** Where regions cannot be put elsewhere, groups are told without. */
const suspects = async (find: () => Promise<readonly ClusterCandidate[]>, { listener }: JobContext) => {
  try {
    return await find();
  } catch (error) {
    if (!isBacklitError(error, "Unsupported")) throw error;
    listener.note(`no candidates: ${error.message}`);
    return [];
  }
};

/** Chunk by chunk over all workers, kept where there is a store. */
const pooledChunks = async (
  request: ClusterRequest,
  session: JudgingSession,
  context: JobContext,
): Promise<readonly Pooled[]> => {
  const { data, lits, target } = session;
  const options = explainedBy(request, session);
  const store = keptIn(request.store, context);
  const size = data.chunk ?? 16;
  const [first] = lits;
  const asked = {
    cluster: 3,
    version: VERSION,
    runtime: runtimeKey(first!.options.runtime),
    model: await first!.identity,
    ...{ data: data.sha256, reading: data.reading, options, pool: request.pool },
    ...(target !== undefined && { target: String(target) }),
  };
  const starts = Array.from({ length: Math.ceil(data.count / size) }, (_, i) => i * size);
  const units = await Promise.all(
    starts.map(async (from) => {
      const count = Math.min(size, data.count - from);
      return { from, count, key: await sha256(canonicalJson({ ...asked, from, count } as never)) };
    }),
  );
  const { listener, signal } = context;
  const work = { units, store, signal, onProgress: partsProgress(listener, store) };
  return sharedWork(
    lits,
    work,
    (lit) =>
      ({ from, count }): Promise<Pooled> =>
        pooled(lit, session, { from, count, options, pool: request.pool }),
  );
};

interface Chunk {
  readonly from: number;
  readonly count: number;
  readonly options: ReturnType<typeof explainedBy>;
  readonly pool: number | undefined;
}

const pooled = async (
  lit: JudgingSession["lits"][number],
  { data, target }: JudgingSession,
  { from, count, options, pool: asked }: Chunk,
): Promise<Pooled> => {
  const { x, names, targets } = await data.read(from, count);
  const {
    relevance,
    target: explained,
    recipe,
    hash,
    notices,
  } = await lit.explain(x, {
    ...options,
    ...(target !== undefined ? { target } : targets && { target: targets }),
  });
  if (relevance.dims[0] !== count)
    throw fail("Unsupported", {
      what: `maps of ${relevance.dims.join("×")} for ${count} samples`,
      why: "samples have to lie along the first axis",
      fix: "give samples that do not depend on each other",
    });
  const { planes, channel } = planesOf(lit, relevance, options.explain);
  const [, , height, width] = planes.dims as [number, number, number, number];
  // Columns of a table and the times of a series are not summed up, unless somebody says so.
  const pool = asked ?? (height === 1 ? 1 : Math.max(1, Math.ceil(Math.max(height, width) / CELLS)));
  const rows = heatmapFeatures(planes, { pool, normalise: "none" });
  const side = sideOf([height, width]);
  return {
    targets: explained,
    names,
    rows: rows.map((row) => Array.from(row)),
    windows: side === undefined ? names.map(() => []) : topWindows(planes, { side, count: WINDOWS }),
    pool,
    size: [height, width],
    ...(channel !== undefined && { channel }),
    recipe,
    hash,
    notices,
  };
};
