/** Much data over several machines: runs in a queue, units of work, results in a store that all see. */
export { Crew, type CrewOptions, type Thread } from "./crew.ts";
export { type CollectedRun, collected, type Jobs, jobsAt, type RunState } from "./jobs.ts";
export { type JobsPage, jobsPage } from "./page.ts";
export { kindText, type RunRecord, type RuntimeKind } from "./run-record.ts";
export { keptStore } from "./store/kept.ts";
export type { Objects } from "./store/objects.ts";
export { openObjects } from "./store/open.ts";
export { enqueueRun, type Submission, type Submitted, submit } from "./submit.ts";
export { type Port, type WorkplaceOptions, workIn } from "./work/index.ts";
export { type FleetWorker, type FleetWorkerOptions, startFleetWorker } from "./worker.ts";
