/** A file a job would have written, its bytes piece by piece: each is to be used before the next is asked for. */
export interface OutputFile {
  readonly path: string;
  readonly chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}
