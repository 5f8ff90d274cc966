export type { LoadedInput, LoadOptions } from "./load-input.ts";
export { loadInput } from "./load-input.ts";
export type { Looks } from "./looks-like.ts";
export { looksLike } from "./looks-like.ts";
export type { PictureOptions } from "./picture.ts";
export { readPicture } from "./picture.ts";
