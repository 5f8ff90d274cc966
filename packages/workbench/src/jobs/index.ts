/** All jobs by name: what a message or a queue asks for. Each is loaded when it is asked for first: a page that explains needs no evaluation. */
import type { JobContext } from "./request.ts";

const jobs = {
  explain: async () => (await import("./explain/run.ts")).explainJob,
  init: async () => (await import("./init/run.ts")).initJob,
  inspect: async () => (await import("./inspect/run.ts")).inspectJob,
  compile: async () => (await import("./compile/run.ts")).compileJob,
  evaluate: async () => (await import("./evaluate/run.ts")).evaluateJob,
  compare: async () => (await import("./compare/run.ts")).compareJob,
  tune: async () => (await import("./tune/run.ts")).tuneJob,
  audit: async () => (await import("./audit/job.ts")).auditJob,
  verify: async () => (await import("./audit/job.ts")).verifyJob,
  concepts: async () => (await import("./concepts/run.ts")).conceptsJob,
  cluster: async () => (await import("./cluster/run.ts")).clusterJob,
  dependence: async () => (await import("./effects/dependence.ts")).dependenceJob,
  importance: async () => (await import("./effects/importance.ts")).importanceJob,
  subspaces: async () => (await import("./subspaces/run.ts")).subspacesJob,
  repair: async () => (await import("./repair/run.ts")).repairJob,
} as const;

type Job<N extends JobName> = Awaited<ReturnType<(typeof jobs)[N]>>;

export type JobName = keyof typeof jobs;
export type JobRequest<N extends JobName> = Parameters<Job<N>>[0];
export type JobResult<N extends JobName> = Awaited<ReturnType<Job<N>>>;

/** The names of all jobs. */
export const jobNames = Object.keys(jobs) as readonly JobName[];

/**
 * Runs a job: a plain request in, a plain result out; notes and progress go to the context's listener on the way. Stopped by the
 * context's signal it fails with `Aborted`, and its sessions are released. Errors: those of the job.
 */
export const runJob = async <N extends JobName>(name: N, request: JobRequest<N>, context: JobContext): Promise<JobResult<N>> => {
  const job = (await jobs[name]()) as (request: JobRequest<N>, context: JobContext) => Promise<JobResult<N>>;
  return job(request, context);
};
