/** Reference cases (conformance/FORMAT.md): found, run, judged at their stored tolerances. */
export { type AnyCase, type Case, findCases } from "./cases.ts";
export { runCase } from "./run.ts";
export type { Verdict } from "./verdict.ts";
