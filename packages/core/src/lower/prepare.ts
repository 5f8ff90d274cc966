/** Traces a model and lowers it, in turns, until no pass has anything left to do. */
import { fail } from "../errors.ts";
import type { TraceFacts } from "../graph/facts.ts";
import { type TraceOptions, trace } from "../graph/trace.ts";
import type { ModelProto } from "../onnx/proto.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { declaredTypes } from "./half/types.ts";
import { passes } from "./index.ts";
import type { Pass } from "./pass.ts";

export interface Prepared {
  /** The model all rules are written for; inputs and outputs are those of the original, float32 where it has another float type. */
  readonly model: ModelProto;
  readonly facts: TraceFacts;
}

/** Nested functions and branches take a round each. */
const MOST_ROUNDS = 12;
const NO_FACTS: TraceFacts = { shapes: new Map(), values: new Map(), types: new Map(), notices: [] };

/** Errors: those of `trace`; Unsupported. What was done is in the facts' notices. */
export const prepare = async (source: ModelProto, runtime: Runtime, options: TraceOptions = {}): Promise<Prepared> => {
  const notices: string[] = [];
  const lowered = (from: ModelProto, facts: TraceFacts, some: readonly Pass[]): ModelProto =>
    some.reduce((model, pass) => {
      const passed = pass.apply(model, facts);
      notices.push(...(passed?.notes ?? []));
      return passed?.model ?? model;
    }, from);
  // What a runtime may not take comes first; everything else wants to know shapes.
  const tracing = passes.filter((pass) => pass.needs !== "nothing");
  let model = lowered(
    source,
    NO_FACTS,
    passes.filter((pass) => pass.needs === "nothing"),
  );
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const facts = await trace(model, runtime, options);
    const next = lowered(model, facts, tracing);
    if (next === model)
      return { model, facts: { ...facts, types: declaredTypes(source), notices: [...notices, ...facts.notices] } };
    model = next;
  }
  throw fail("Unsupported", { what: "the model is nested too deeply", why: `${MOST_ROUNDS} rounds did not take it apart` });
};
