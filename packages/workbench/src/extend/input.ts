/** The door for kinds of input that come from outside. */
import { addDefined } from "../kinds/defined.ts";
import type { DefinedReader } from "../kinds/defined-reader.ts";
import type { Drawer } from "../kinds/kind.ts";

/** A kind of input: what its files look like, how they are read, how their maps are drawn. */
export interface InputKind extends DefinedReader {
  /** Default: as an array of that shape is drawn. */
  readonly view?: Drawer;
}

/**
 * Adds a kind of input: from now on its files are read by the command's jobs and by `lit.explain`. Errors: BadDefinition for a name that is taken.
 */
export const defineInput = ({ view, ...reader }: InputKind): void => addDefined(reader, view);
