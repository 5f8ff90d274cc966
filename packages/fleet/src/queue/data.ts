/** What jobs of the queues hold: plain JSON, small. */
import { createHash } from "node:crypto";
import type { RuntimeKind } from "../run-record.ts";

export interface RunData {
  readonly v: 1;
  readonly run: string;
  readonly store: string;
  readonly kind: string;
  readonly title: string;
  readonly mixed: boolean;
  readonly step: "plan" | "units" | "collect";
  /** Units that a worker puts into the queue at once. */
  readonly fan: number;
  /** Since it is planned. */
  readonly units?: number;
  readonly bound?: RuntimeKind;
}

/** Units from the first number up to before the second. */
export type Range = readonly [from: number, to: number];

export interface UnitData {
  readonly v: 1;
  readonly run: string;
  readonly store: string;
  /** Number of the unit. Neither this nor a range: what all came to is collected. */
  readonly unit?: number;
  /** Units to be put into the queue when nothing else waits, `fan` parts of them at most. */
  readonly range?: Range;
  readonly fan?: number;
  /** They were. */
  readonly cut?: true;
}

export const RUNS = "runs";

/** Units lie where only workers of the run's kind of runtime look; those of mixed runs where all do. */
export const unitsQueue = (kind: RuntimeKind | undefined): string =>
  kind === undefined
    ? "units-mixed"
    : `units-${createHash("sha256")
        .update(JSON.stringify([kind.name, kind.version, kind.cpu]))
        .digest("hex")
        .slice(0, 12)}`;

/** How often a unit is tried: then it is named as one that cannot be done. */
export const TRIES = 3;

/** Said beside the data, which the run's worker writes: so neither overwrites the other. */
export const CANCELLED = { cancelled: true } as const;
export const isCancelled = ({ progress }: { readonly progress: unknown }): boolean =>
  typeof progress === "object" && progress !== null && "cancelled" in progress;
