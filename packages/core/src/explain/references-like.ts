/** References arranged as the samples of an opened model are. */
import { fail } from "../errors.ts";
import { arranged, ofSamples, restored } from "../reading/index.ts";
import type { FloatTensor } from "../tensor/float.ts";
import { isTensor, type References } from "./given-references.ts";
import type { Opened } from "./open-model.ts";

/** As samples are, the number of references in front; of all inputs by name what the model makes of them. Errors: BadInput. */
export const referencesOf = async (
  references: References | undefined,
  { explained, at, arrangements, values }: Pick<Opened, "explained" | "at" | "arrangements" | "values">,
): Promise<FloatTensor | undefined> => {
  if (references === undefined) return undefined;
  if (!isTensor(references)) return await at(references);
  const only = values.length === 1 ? arrangements[values[0]!] : undefined;
  const given = only === undefined ? references : arranged(references, ofSamples(only));
  if (references.type === "float32" && given.dims.slice(1).join() === explained.dims.slice(1).join() && given.dims[0]! > 0)
    return given as FloatTensor;
  throw fail("BadInput", {
    what: `references of ${references.type} ${references.dims.join("×")}`,
    why: `samples are float32 ${(only === undefined ? explained : restored(explained, ofSamples(only))).dims.slice(1).join("×")}`,
    fix: "give them in the shape of what is explained, with the number of references in front",
  });
};
