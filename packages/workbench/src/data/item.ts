/** Data to evaluate on: samples that are read when their turn comes, with what is known of each. */
import type { Geometry, Plane, Preprocessor, Tensor } from "@backlit/core";
import type { Sample } from "../samples/sample.ts";

export interface DataItem {
  /** File name, row number. */
  readonly name: string;
  /** As written in the data: a class's name or index. */
  readonly label?: string;
  readonly objects?: readonly DataObject[];
  /** Errors name the file. */
  load(): Promise<LoadedItem>;
}

/** Something that can be seen in a picture. */
export interface DataObject {
  /** Left, top, right, bottom in pixels of the picture. */
  readonly box: Box;
  /** Classes that name it; absent: whatever class is asked for. */
  readonly classes?: readonly string[];
}

export type Box = readonly [left: number, top: number, right: number, bottom: number];

export interface LoadedItem {
  /** The model's inputs, a batch of one. */
  readonly feeds: Readonly<Record<string, Tensor>>;
  /** How the input lies on the picture; absent for arrays taken as they are. */
  readonly geometry?: Geometry;
  /** Where the object is, over the picture, or over the input where there is no geometry. */
  readonly mask?: Plane;
}

export interface DataSet {
  readonly items: readonly DataItem[];
  /** SHA-256 of all that was read. */
  readonly sha256: string;
  /** All samples have one shape. */
  readonly even: boolean;
  /** How pictures were preprocessed. */
  readonly preprocessor?: Preprocessor;
  /** Of a table: the names of each input's columns. */
  readonly features?: Readonly<Record<string, readonly string[]>>;
  /** Of texts: those of a row, as the model reads them. */
  readonly textOf?: TextOf;
  readonly notices: readonly string[];
}

export type TextOf = (row: number) => Pick<Sample, "text" | "texts">;

/** Rows of a table as samples. */
export interface ReadRows extends Omit<DataSet, "items" | "sha256"> {
  readonly loaders: readonly DataItem["load"][];
}
