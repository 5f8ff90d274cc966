/** Files made of what is shown. */
import { writeNpy } from "@backlit/core/input";
import type { Shown } from "../shown/shown.ts";

export const npyOf = (relevance: Shown["relevance"]): Blob => new Blob([writeNpy(relevance) as Uint8Array<ArrayBuffer>]);

/** As `backlit explain --recipe` takes it. */
export const recipeOf = (recipe: Shown["recipe"]): Blob =>
  new Blob([`${JSON.stringify(recipe, null, 2)}\n`], { type: "application/json" });
