/** What a kind of input from outside says of its files. */
import type { Tensor, ValueInfoProto } from "@backlit/core";

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
