/** Weight files that can only be read asynchronously, as a page reads a picked File: what is read as numbers is fetched before it is asked for. */
import { fail } from "../errors.ts";
import { type ExternalData, externalRange, isExternal } from "./external.ts";
import type { ModelProto } from "./proto.ts";
import { elementCount, tensorByteLength } from "./types.ts";

/** Reads from the model's folder, in its own time. */
export interface ExternalRanges {
  /** `length` bytes from `offset`. */
  read(location: string, offset: number, length: number): Promise<Uint8Array>;
}

/**
 * Initializers of at most `most` elements, to be read synchronously from now on; larger ones are the runtime's to read.
 * Errors: BadFile for a bad location; those of the reader.
 */
export const fetchRanges = async (model: ModelProto, ranges: ExternalRanges, most: number): Promise<ExternalData> => {
  const small = model.graph.initializer.filter((tensor) => isExternal(tensor) && elementCount(tensor.dims, tensor.name) <= most);
  const fetched = new Map<string, Uint8Array>();
  for (const tensor of small) {
    const { location, offset } = externalRange(tensor);
    const length = tensorByteLength(tensor.dims, tensor.dataType, tensor.name);
    const key = keyOf(location, offset, length);
    if (!fetched.has(key)) fetched.set(key, await ranges.read(location, offset, length));
  }
  return {
    read: (location, offset, length) => {
      const bytes = length === undefined ? undefined : fetched.get(keyOf(location, offset, length));
      if (bytes !== undefined) return bytes;
      throw fail("BadFile", {
        what: "weights were not fetched",
        where: `"${location}" at ${offset}`,
        why: `of weights that are read asynchronously only tensors of at most ${most} elements are`,
        fix: "give the file's bytes as source.externalData; where a whole file is to be hashed, its hash as identity",
      });
    },
  };
};

const keyOf = (location: string, offset: number, length: number): string => `${offset} ${length} ${location}`;
