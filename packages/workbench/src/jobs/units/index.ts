/** Jobs that fall into units of work: what a queue over several machines takes. */
import type { JobContext } from "../request.ts";
import type { Collected, Units } from "./units.ts";

/** How a kind of job is taken apart and put together again. */
export interface UnitKind<R = never> {
  /** Errors: those of opening the model and the data. */
  openUnits(request: R, context: JobContext): Promise<Units>;
  /** Units that are not in the store yet are done on the way. */
  collect(request: R, context: JobContext): Promise<Collected>;
}

const kinds = {
  evaluate: () => import("./evaluate.ts"),
  explain: () => import("./explain.ts"),
  concepts: () => import("./concepts.ts"),
} as const;

type Kind<N extends UnitJobName> = Awaited<ReturnType<(typeof kinds)[N]>>;

export type UnitJobName = keyof typeof kinds;
export type UnitJobRequest<N extends UnitJobName> = Parameters<Kind<N>["openUnits"]>[0];

/** By name, each loaded when it is asked for. */
export const unitKinds: { readonly [N in UnitJobName]: () => Promise<UnitKind<UnitJobRequest<N>>> } = kinds;
