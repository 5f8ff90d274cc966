/** The door for what comes from outside: one function for each table the compiler and the evaluation look in. */
export type { MethodCard } from "../cards/method.ts";
export type { MethodParameter, MethodParams } from "../cards/parameters.ts";
export type { ActivationRule, CompiledMethod } from "../compiled/index.ts";
export { defineImputer } from "../evaluate/imputers/define.ts";
export type { Filling, Imputer, ImputerCard, Imputing } from "../evaluate/imputers/imputer.ts";
export type { Measured, Metric, MetricCard, Trial } from "../evaluate/index.ts";
export { defineMetric } from "../evaluate/metrics/define.ts";
export type { Builder } from "../graph/builder.ts";
export type { Facts } from "../graph/facts.ts";
export { defineMethod } from "../methods/define.ts";
export type { Attribution, Method as AttributionMethod, Task } from "../methods/method.ts";
export { defineOperator, type OperatorDefinition } from "../ops/define.ts";
export { again, type Op, type Role, type Site, unbroadcastTo, varying } from "../ops/role.ts";
export { defineRule } from "../rules/define.ts";
export type { Group, RuleCard, RuleSpec, Term } from "../rules/rule.ts";
