export type * from "./result.ts";
export type { TuneRound, TuneTry } from "./search.ts";
export { BUDGET, type TuneTask, tune } from "./tune.ts";
