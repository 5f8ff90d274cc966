/** The plan every model has: nothing is propagated, so no operator without a rule stops it. */
import { type Planned, planModel } from "../compile/index.ts";
import type { TracedModel } from "../graph/traced-model.ts";
import type { Choices, LoadOptions } from "./types.ts";

/** What may be undefined, as options of callers are. */
export interface OutlineAsked {
  readonly explain?: Choices["explain"] | undefined;
  readonly output?: string | undefined;
}

export const outlineOf = (traced: TracedModel, options: LoadOptions, { explain, output }: OutlineAsked): Planned =>
  planModel(
    traced,
    { method: "gradient", onUnsupported: "detach", ...(explain && { explain }), ...(output !== undefined && { output }) },
    options,
  );
