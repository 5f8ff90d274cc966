export type { LoadedInput, Looks } from "@backlit/workbench";
export { looksLike } from "@backlit/workbench";
export type { LoadOptions } from "@backlit/workbench";
export { loadInput } from "@backlit/workbench";
export type { PictureOptions } from "../host/pictures.ts";
export { readPicture } from "../host/pictures.ts";
