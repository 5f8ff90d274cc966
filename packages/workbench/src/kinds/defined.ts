/** Kinds of input that come from outside: what their bytes look like, and how they are read. */
import { fail, type Tensor, type ValueInfoProto } from "@backlit/core";

/** Where values are read to. */
export interface ReadTo {
  /** The model's input. */
  readonly input: ValueInfoProto;
  /** The file, for messages. */
  readonly where: string;
  /** What the user should know of how it was read. */
  note(text: string): void;
}

export interface DefinedReader {
  readonly name: string;
  /** Whether a file's bytes are of this kind; asked before the kinds that are built in. */
  detect(bytes: Uint8Array): boolean;
  /** The values; a missing batch axis is added, and the element type the input takes is made of them. Errors: BadInput. */
  read(bytes: Uint8Array, to: ReadTo): Tensor | Promise<Tensor>;
}

const readers = new Map<string, DefinedReader>();

/** Errors: BadDefinition for a name that is taken. */
export const addReader = (reader: DefinedReader): void => {
  if (readers.has(reader.name)) throw fail("BadDefinition", { what: `the kind of input '${reader.name}' is there already` });
  readers.set(reader.name, reader);
};

/** The first kind that takes these bytes for its own. */
export const readerFor = (bytes: Uint8Array): DefinedReader | undefined =>
  [...readers.values()].find(({ detect }) => detect(bytes));
