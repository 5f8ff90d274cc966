export type { LoadedInput, Looks } from "@backlit/workbench";
export { looksLike } from "@backlit/workbench";
export type { LoadOptions } from "./load-input.ts";
export { loadInput } from "./load-input.ts";
export type { PictureOptions } from "./picture.ts";
export { readPicture } from "./picture.ts";
