/** backlit on Node: everything of @backlit/core, and models, pictures and arrays from files. */
export * from "@backlit/core";
export { modelInputs, tokenFeeds } from "@backlit/workbench";
export {
  type LoadedInput,
  type LoadOptions as LoadInputOptions,
  loadInput,
  type PictureOptions,
  readPicture,
} from "./input/index.ts";
export { load } from "./load.ts";
export { bundled } from "./host/bundled.ts";
export type { ConfigFiles } from "@backlit/workbench";
export type { Found } from "@backlit/workbench";
export { type Bundle, openModel } from "@backlit/workbench";
export { nodeRuntime, webRuntime } from "./host/runtime/node.ts";
export { workerRuntime } from "./host/runtime/worker.ts";
export { openTokenizer, type TextTokenizer } from "@backlit/workbench";
