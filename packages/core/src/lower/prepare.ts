/** Traces a model and lowers it, in turns, until no pass has anything left to do. */
import { fail } from "../errors.ts";
import type { TraceFacts } from "../graph/facts.ts";
import { type TraceOptions, trace } from "../graph/trace.ts";
import type { ModelProto } from "../onnx/proto.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { passes } from "./index.ts";

export interface Prepared {
  /** The model all rules are written for; inputs and outputs are those of the original. */
  readonly model: ModelProto;
  readonly facts: TraceFacts;
}

/** Nested functions and branches take a round each. */
const MOST_ROUNDS = 12;

/** Errors: those of `trace`; Unsupported. What was done is in the facts' notices. */
export const prepare = async (source: ModelProto, runtime: Runtime, options: TraceOptions = {}): Promise<Prepared> => {
  let model = source;
  let facts = await trace(model, runtime, options);
  const notices: string[] = [];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = model;
    for (const pass of passes) {
      const passed = pass.apply(model, facts);
      if (passed === undefined) continue;
      model = passed.model;
      notices.push(...passed.notes);
    }
    if (model === before) return { model, facts: { ...facts, notices: [...notices, ...facts.notices] } };
    facts = await trace(model, runtime, options);
  }
  throw fail("Unsupported", { what: "the model is nested too deeply", why: `${MOST_ROUNDS} rounds did not take it apart` });
};
