import { fail, type ValueInfoProto } from "@backlit/core";
import type { Sample } from "../samples/sample.ts";
import { kinds } from "./index.ts";
import type { Reading } from "./kind.ts";
import type { LoadedInput } from "./loaded-input.ts";

/**
 * What was read from a file as feeds: pictures through the preprocessor, tables by their columns, arrays as they are. `targets`: the inputs
 * it may be for, the first where only one is meant. Throws BadInput.
 */
export const readLoaded = async (
  loaded: LoadedInput,
  targets: readonly ValueInfoProto[],
  file: string,
  reading: Reading,
): Promise<readonly Sample[]> => {
  if (targets.length === 0 && loaded.kind !== "tensors")
    throw fail("BadInput", { what: "an input too many", where: loaded.name, why: "--input gives all the model takes" });
  for (const { read } of kinds()) {
    const rows = await read?.(loaded, { targets, file, reading });
    if (rows !== undefined) return rows;
  }
  throw fail("Unsupported", { what: `nothing reads a ${loaded.kind} here`, where: loaded.name });
};
