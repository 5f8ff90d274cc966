/** What goes between a worker's queue side and the thread that computes. */
import type { AnswerOf, CallOf } from "@backlit/workbench";
import type { RuntimeKind } from "../run-record.ts";

export interface Ticket {
  readonly run: string;
  /** A folder, or s3://bucket/prefix. */
  readonly store: string;
}

export type Task =
  | { readonly do: "who" }
  /** Opens a run, binds it to this thread's kind of runtime where it is free, and counts its units. */
  | (Ticket & { readonly do: "plan" })
  | (Ticket & { readonly do: "unit"; readonly unit: number })
  | (Ticket & { readonly do: "collect" });

export interface Planned {
  readonly units: number;
  /** The kind the run is bound to; undefined: any may work on it. */
  readonly bound?: RuntimeKind;
}

/** On the way. */
export interface Said {
  readonly note: string;
}

export type Call = CallOf<Task>;
export type Answer = AnswerOf<Said>;
