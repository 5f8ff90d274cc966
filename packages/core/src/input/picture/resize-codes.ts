import type { ResizeFilter } from "./resize.ts";

/** Filters by PIL's codes, as configs name them. */
export const RESIZE_CODES: readonly ResizeFilter[] = ["nearest", "lanczos", "bilinear", "bicubic", "box", "hamming"];
