/** backlit in a page: everything of @backlit/core, and models, pictures and texts from files that were picked, dropped or fetched. */
export * from "@backlit/core";
export {
  type Files,
  type Input,
  type JobName,
  type JobRequest,
  type JobResult,
  type OpenModel,
  type OpenOptions,
  runJob,
  urlFiles,
  type WhyOptions,
} from "@backlit/workbench";
export { type FileSource, filesOf } from "./host/blob-files.ts";
export { type WebHostOptions, wasmRuntime, webHost } from "./host/index.ts";
export { load } from "./load.ts";
