/** backlit on Node: everything of @backlit/core, and models, pictures and arrays from files. */
export * from "@backlit/core";
export {
  type Bundle,
  type ConfigFiles,
  type DrawnView,
  defineInput,
  type Found,
  type LoadedInput,
  modelInputs,
  type PictureOptions,
  type TextTokenizer,
  tokenFeeds,
} from "@backlit/workbench";
export { bundled } from "./host/bundled.ts";
export { nodeHost } from "./host/index.ts";
export { readPicture } from "./host/pictures.ts";
export { nodeRuntime, webRuntime } from "./host/runtime/node.ts";
export { workerRuntime } from "./host/runtime/worker.ts";
export { type LoadInputOptions, load, loadInput, openModel, openTokenizer } from "./load.ts";
