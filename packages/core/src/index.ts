export * from "./compile.ts";
export * from "./composites/index.ts";
export * from "./emit/index.ts";
export * from "./errors.ts";
export * from "./evaluate/index.ts";
export * from "./explain/index.ts";
export type { Facts, Shape, TraceFacts } from "./graph/facts.ts";
export * from "./graph/graph.ts";
export { type TraceOptions, trace } from "./graph/trace.ts";
export * from "./input/index.ts";
export { BUDGETS, type Budgets } from "./lower/budget.ts";
export { heldTensor } from "./lower/hold-inputs.ts";
export { withLocales } from "./lower/locale.ts";
export { type Prepared, type PrepareOptions, prepare } from "./lower/prepare.ts";
export { checkBeside, takesReferences } from "./methods/beside.ts";
export { compiledCards, methodCards } from "./methods/compiled/cards.ts";
export {
  type Attribution,
  checkParameters,
  type Difference,
  type Family,
  type FloatTensor,
  type Frame,
  type Method as AttributionMethod,
  type MethodCard,
  type MethodParameter,
  type MethodParams,
  methods,
  randomBy,
  rangeOf as parameterRange,
  type Task,
} from "./methods/index.ts";
export { append, maxOf, minOf } from "./numeric/extremes.ts";
export * from "./onnx/index.ts";
export { classesOf, type Scoring, scoringOf, unravel, wide } from "./oracle/score.ts";
export * from "./plan/index.ts";
export * from "./reading/index.ts";
export * from "./render/index.ts";
export { type RuleCard, type RuleSpec, rules } from "./rules/index.ts";
export * from "./runtime/ort.ts";
export * from "./runtime/runtime.ts";
export { VERSION } from "./version.ts";
