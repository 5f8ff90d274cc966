/** A kind of input: what its files look like, how they are read, how its maps are drawn. Each part where the kind has it. */
import type { NpzLimits, Preprocessor, Tensor, ValueInfoProto } from "@backlit/core";
import type { Host } from "../host/host.ts";
import type { Bundle } from "../models/open.ts";
import type { ExplainedMap, ExplainedRow } from "../rows/explained.ts";
import type { Sample } from "../samples/sample.ts";
import type { View, ViewContext } from "../views/view.ts";
import type { LoadedInput } from "./loaded-input.ts";
import type { Looks } from "./looks.ts";

export interface Kind {
  readonly name: string;
  /** What a file of this kind looks like by its first bytes; undefined for all others. */
  detect?(bytes: Uint8Array): Looks | undefined;
  /** What was loaded as rows of the model; undefined where it is another kind's. Throws BadInput. */
  read?(loaded: LoadedInput, to: Taking): Rows | undefined | Promise<Rows | undefined>;
  /** How one map is drawn; undefined where its input is of another kind. */
  readonly view?: Drawer;
}

export type Rows = readonly Sample[];

export type Drawer = (row: ExplainedRow, map: ExplainedMap, context: ViewContext) => View | undefined;

/** Where what is read goes to. */
export interface Taking {
  /** The inputs it may be for, the first where only one is meant. */
  readonly targets: readonly ValueInfoProto[];
  readonly file: string;
  readonly reading: Reading;
}

export interface Reading {
  /** All inputs of the model. */
  readonly inputs: readonly ValueInfoProto[];
  /** The one that takes pictures, and how. */
  readonly picture: ValueInfoProto | undefined;
  readonly preprocessor: Preprocessor | undefined;
  /** How sounds become what the model takes. */
  readonly sound: Bundle["sound"];
  /** Whether an array for an input is brought to 0..1. */
  scaled(tensor: Tensor, input: ValueInfoProto): boolean;
  /** The model knows what to do with a value that is missing. */
  readonly missing: boolean;
  /** The column of tables that is no feature. */
  readonly label: Bundle["label"];
  /** What the user should know of how it was read. */
  note(text: string): void;
}

/** Where inputs lie, and what decodes pictures. */
export type Source = Pick<Host, "files" | "pictures">;

export interface LoadOptions {
  /** Whether text may be given (a text model); otherwise it is refused as no picture. */
  readonly text?: boolean;
  readonly maxPixels?: number;
  readonly npz?: NpzLimits;
}
