export {
  type AttributionGraph,
  attributionGraph,
  type GraphAsked,
  type GraphChannel,
  type GraphEdge,
} from "./attribution-graph.ts";
export { type ReceptiveFields, receptiveFields } from "./field/receptive-field.ts";
export { type ChannelDeletion, channelDeletion, type DeletionOptions } from "./judged/deletion.ts";
export { type ReferenceStability, referenceStability, type StabilityOptions } from "./judged/stability.ts";
export { PROTOTYPES_KEY, type PrototypeOutputs, type PrototypesAt, withPrototypes } from "./prototypes/artefact.ts";
export { type PrototypesAsked, type PrototypesByClass, prototypesByClass } from "./prototypes/by-class.ts";
export { type ClassPrototypes, type Fitted, type JudgedDecision, judgeDecision, prototypesOf } from "./prototypes/prototypes.ts";
export type { End, Ranked } from "./ranking.ts";
export { mergeReferences, type Rankings, type RankOptions, type ReferenceSamples } from "./reference-samples.ts";
export type * from "./result.ts";
export { collectConcepts } from "./run/collect.ts";
export { type ConceptPlan, type ConceptUnit, planConcepts } from "./run/plan.ts";
export { concepts } from "./run/run.ts";
export type { ConceptSetting, ConceptTask } from "./run/task.ts";
export { runConceptUnit } from "./run/unit.ts";
export { type Mode, type Statistic, shares } from "./statistic.ts";
