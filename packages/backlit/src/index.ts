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
export { bundled } from "./model/bundled.ts";
export type { ConfigFiles } from "./model/config-files.ts";
export type { Found } from "./model/find.ts";
export { type Bundle, openModel } from "./model/open.ts";
export { nodeRuntime, webRuntime } from "./runtime/node.ts";
export { workerRuntime } from "./runtime/worker.ts";
export { openTokenizer, type TextTokenizer } from "./text/tokenizer.ts";
