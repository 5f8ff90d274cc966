/** What `explain` is asked and what it answers: plain data, typed arrays among it. */
import type {
  Arrangement,
  Condition,
  Explanation,
  Feature,
  Look,
  OutputReading,
  Preprocessor,
  ResolvedRecipe,
  Visits,
} from "@backlit/core";
import type { ExplainedRow } from "../../rows/explained.ts";
import type { GroupsAsked } from "../groups.ts";
import type { ChoiceRequest, InputsRequest, ModelRequest } from "../request.ts";

export interface ExplainRequest extends ModelRequest, ChoiceRequest, InputsRequest {
  /** An array of reference inputs, or a folder of pictures. */
  readonly references?: string;
  /** Values that are taken away together: columns by the name of their group, or a file. */
  readonly groups?: GroupsAsked;
  /** Seed of the random numbers. */
  readonly random?: number;
  /** Rows in one pass of methods that make many. */
  readonly batch?: number;
  /** A span of tokens one by one, a map each: at most 64, or as many as this says. */
  readonly perStep?: boolean | number;
  /** Cells along the sides of pictures that a pair compares: one number for both, or height and width. */
  readonly grid?: readonly number[];
  /** What of a detector's boxes counts: the least score, and the largest overlap of two of one class. */
  readonly detections?: { readonly score?: number; readonly iou?: number };
  /** The ledger is wanted node by node. */
  readonly ledger?: boolean;
  /** Of which channels of values inside relevance is kept; `only`: what goes past those values is dropped. */
  readonly conditions?: Condition;
  readonly only?: boolean;
  /** A file of prototypes, as `concepts` writes them: how ordinary each decision is among those for its class. */
  readonly ordinary?: string;
  /** Fail when the ledger does not add up. */
  readonly strict?: boolean;
  /** Whether the maps of Deep Taylor add up to the logit and have no negative part. */
  readonly consistency?: boolean;
  /** How its pictures are drawn; numbers stay. */
  readonly look?: Look;
  /** Maps beside the first that are wanted: an error where the method has none. */
  readonly wanted?: readonly ("spread" | "frames" | "interactions")[];
}

export interface ExplainResult {
  readonly v: 1;
  readonly model: {
    readonly name: string;
    readonly path: string;
    readonly sha256: string;
    /** All files it was read from. */
    readonly files: readonly string[];
  };
  /** The output explained, and the values it is explained onto. */
  readonly output: string;
  readonly explained: readonly string[];
  readonly reading: OutputReading;
  /** One for each row of the inputs. */
  readonly rows: readonly ExplainedRow[];
  readonly conditions?: Condition;
  readonly only?: boolean;
  /** One for each batch, as the model gave it. */
  readonly explanations: readonly Explanation[];
  readonly recipe: ResolvedRecipe | Explanation["recipe"];
  readonly hash: string;
  /** How the axes of each explained value's maps lie, and what the numbers in them stand for. */
  readonly drawing: Readonly<Record<string, Arrangement>>;
  readonly features: Readonly<Record<string, readonly Feature[]>>;
  /** The inputs that values inside the graph are looked up by. */
  readonly lookedUp?: Readonly<Record<string, readonly string[]>>;
  readonly preprocessor?: Preprocessor;
  /** How its pictures are drawn. */
  readonly look: Look;
  /** How often the first layer visits the pixels of each explained value, where some more often than others. */
  readonly visits: Readonly<Record<string, Visits>>;
  /** The classes of a row are named, and stand side by side in one figure. */
  readonly beside: boolean;
  /** The maps of a row are steps of one target. */
  readonly steps?: boolean;
  /** What the method makes is an input, not a map. */
  readonly made: boolean;
  /** What was asked to be said of each map. */
  readonly asked: {
    readonly ledger: boolean;
    readonly consistency: boolean;
  };
  /** Milliseconds. */
  readonly timings: { readonly read: number; readonly trace: number; readonly explain: number };
  readonly runtime: string;
}
