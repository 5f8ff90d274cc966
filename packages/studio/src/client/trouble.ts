/** What went wrong, in words and with a way on. */
import type { ErrorParts, ErrorTag } from "@backlit/core";
import { words } from "../words/english.ts";

/** Of a stopped piece of work the tag is `Aborted`. */
export class Trouble extends Error {
  constructor(
    readonly tag: ErrorTag,
    readonly parts: ErrorParts,
  ) {
    super(parts.what);
  }
}

const MEMORY = /bad_alloc|out of memory|memory access out of bounds|allocation failed|Aborted\(OOM/i;

/** Engines and browsers say that memory is at its end in many ways. */
export const isOutOfMemory = ({ what, why = "" }: ErrorParts): boolean => MEMORY.test(`${what} ${why}`);

export const outOfMemory = ({ what, why = "" }: ErrorParts): Trouble =>
  new Trouble("Runtime", { what: words.noMemory, why: `${what}: ${why}`, fix: words.noMemoryFix });

export const asTrouble = (error: unknown): Trouble =>
  error instanceof Trouble ? error : new Trouble("Runtime", { what: String(error) });
