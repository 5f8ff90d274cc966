/** All jobs by name: what a message or a queue asks for. */
import { auditJob, verifyJob } from "./audit/job.ts";
import { clusterJob } from "./cluster/run.ts";
import { compareJob } from "./compare/run.ts";
import { compileJob } from "./compile/run.ts";
import { conceptsJob } from "./concepts/run.ts";
import { evaluateJob } from "./evaluate/run.ts";
import { explainJob } from "./explain/run.ts";
import { inspectJob } from "./inspect/run.ts";
import { repairJob } from "./repair/run.ts";
import type { JobContext } from "./request.ts";
import { tuneJob } from "./tune/run.ts";

const jobs = {
  explain: explainJob,
  inspect: inspectJob,
  compile: compileJob,
  evaluate: evaluateJob,
  compare: compareJob,
  tune: tuneJob,
  audit: auditJob,
  verify: verifyJob,
  concepts: conceptsJob,
  cluster: clusterJob,
  repair: repairJob,
} as const;

export type JobName = keyof typeof jobs;
export type JobRequest<N extends JobName> = Parameters<(typeof jobs)[N]>[0];
export type JobResult<N extends JobName> = Awaited<ReturnType<(typeof jobs)[N]>>;

/**
 * Runs a job: a plain request in, a plain result out; notes and progress go to the context's listener on the way. Stopped by the
 * context's signal it fails with `Aborted`, and its sessions are released. Errors: those of the job.
 */
export const runJob = <N extends JobName>(name: N, request: JobRequest<N>, context: JobContext): Promise<JobResult<N>> =>
  (jobs[name] as (request: JobRequest<N>, context: JobContext) => Promise<JobResult<N>>)(request, context);
