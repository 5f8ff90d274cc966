export { checkParameters, type MethodParameter, type MethodParams, rangeOf as parameterRange } from "./cards/parameters.ts";
export * from "./clusters/index.ts";
export * from "./compile/index.ts";
export type { CompileOptions, PlanOptions } from "./compile/options.ts";
export { compiledMethods, METHODS, type Method } from "./compiled/index.ts";
export * from "./composites/index.ts";
export * from "./concepts/index.ts";
export * from "./effects/index.ts";
export * from "./emit/index.ts";
export * from "./errors.ts";
export * from "./evaluate/index.ts";
export * from "./explain/index.ts";
export * from "./extend/index.ts";
export { isCache } from "./graph/caches.ts";
export type { Facts, Shape, TraceFacts } from "./graph/facts.ts";
export * from "./graph/graph.ts";
export { type TraceOptions, trace } from "./graph/trace.ts";
export { TracedModel } from "./graph/traced-model.ts";
export * from "./input/index.ts";
export { BUDGETS, type Budgets } from "./lower/budget.ts";
export { heldTensor } from "./lower/hold-inputs.ts";
export { withLocales } from "./lower/locale.ts";
export { type Prepared, type PrepareOptions, prepare } from "./lower/prepare.ts";
export { checkBeside, takesReferences } from "./methods/beside.ts";
export { compiledCards, methodCards } from "./methods/cards.ts";
export {
  type Attribution,
  type Difference,
  type Family,
  type Frame,
  type Method as AttributionMethod,
  type MethodCard,
  methods,
  type Task,
} from "./methods/index.ts";
export { append, maxOf, minOf } from "./numeric/extremes.ts";
export { fewestDigits } from "./numeric/fewest-digits.ts";
export { randomBy } from "./numeric/random.ts";
export * from "./onnx/index.ts";
export { classesOf, type Scoring, scoringOf, unravel, wide } from "./oracle/score.ts";
export { type PixelOptions, type PixelsTaken, PREPROCESS_KEY, takingPixels } from "./pixels/index.ts";
export * from "./plan/index.ts";
export * from "./reading/index.ts";
export * from "./render/index.ts";
export * from "./repair/index.ts";
export * from "./report/index.ts";
export { type RuleCard, type RuleSpec, rules } from "./rules/index.ts";
export * from "./runtime/ort.ts";
export * from "./runtime/runtime.ts";
export * from "./subspaces/index.ts";
export { joinBytes } from "./tensor/bytes.ts";
export type { FloatTensor } from "./tensor/float.ts";
export type { Tensor, TensorData, TensorType } from "./tensor/tensor.ts";
export { VERSION } from "./version.ts";
