/** Samples of each group, and of each region that is told, as the model saw them, with their maps. */
import { type ExplainOptions, fail } from "@backlit/core";
import type { JudgingSession } from "../evaluate/session.ts";
import type { JobContext } from "../request.ts";
import { tilesOf } from "../tiles/tiles.ts";
import type { ClusterPictures, ClusterResult, ClusterTile } from "./result.ts";

const EACH = 4;

interface Group {
  readonly samples: readonly number[];
  readonly target: readonly number[];
}

/** Errors: those of `explain`; Aborted. */
export const clusterPictures = async (
  session: JudgingSession,
  { classes, candidates }: ClusterResult,
  options: ExplainOptions,
  context: JobContext,
): Promise<ClusterPictures> => {
  context.listener.progress("drawing samples");
  const names = new Map(classes.flatMap(({ samples, names }) => samples.map((sample, i) => [sample, names[i]!] as const)));
  const draw = async ({ samples, target }: Group): Promise<readonly ClusterTile[]> => {
    if (context.signal?.aborted) throw fail("Aborted", { what: "stopped" }, context.signal.reason);
    const asked = { samples, options: { ...options, target: session.target ?? samples.map(() => target) } };
    const tiles = await tilesOf(session, asked, context);
    return samples.map((sample, n) => ({
      ...{ sample, name: names.get(sample)! },
      ...(tiles && { picture: tiles[n]!.picture, map: tiles[n]!.map }),
    }));
  };
  const drawn: ClusterTile[][][] = [];
  for (const { clusters, samples, labels, target } of classes) {
    const own: ClusterTile[][] = [];
    for (const [k, { medoid }] of clusters.entries()) {
      const others = samples.filter((_, i) => labels[i] === k && i !== medoid);
      own.push([...(await draw({ samples: [samples[medoid]!, ...others].slice(0, EACH), target }))]);
    }
    drawn.push(own);
  }
  const suspects: (readonly ClusterTile[])[] = [];
  for (const { samples, target } of candidates) suspects.push(await draw({ samples: samples.slice(0, EACH), target }));
  return { classes: drawn, candidates: suspects };
};
