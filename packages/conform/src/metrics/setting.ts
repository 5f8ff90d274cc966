/** What an entry's parameters come to: words of ours, and arrays handed to the metric in place of its own choices. */
import { type Explaining, type FloatTensor, fail, type Tensor } from "@backlit/core";
import type { Files } from "./files.ts";

export interface Setting {
  /** Parameters as our metrics name them. */
  readonly params: Readonly<Record<string, string | number | boolean>>;
  readonly given: Readonly<Record<string, Tensor>>;
}

/** Where parameters are read. */
export interface Reading {
  readonly files: Files;
  /** The explained input. */
  readonly x: Tensor;
}

/** Something the entry asks for and backlit does not have. */
export const unsupported = (what: string) => fail("Unsupported", { what });

/** Words that may stand in a parameter: anything else is not supported. */
export const onlyOf = (what: string, value: unknown, allowed: readonly unknown[]): void => {
  if (value !== undefined && !allowed.includes(value)) throw unsupported(`${what} ${JSON.stringify(value)}`);
};

export const numberOf = (what: string, value: unknown): number => {
  if (typeof value !== "number" || !Number.isFinite(value)) throw unsupported(`${what} ${JSON.stringify(value)}`);
  return value;
};

/** "perturbations/squares.npy (top, left)" names a file and says what is in it. Errors: Unsupported. */
export const fileIn = (value: unknown): string => {
  const [file] = typeof value === "string" ? (/^[^\s,(]+/.exec(value) ?? []) : [];
  if (file === undefined) throw unsupported(`a file named ${JSON.stringify(value)}`);
  return file;
};

export interface Maps {
  readonly relevance: FloatTensor;
  readonly masks?: Tensor;
  readonly explaining?: Explaining;
  readonly given?: Setting["given"];
}
