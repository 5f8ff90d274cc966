/** An example as the worker takes it, and its stored result. */

import { fetchedInput } from "../client/fetched.ts";
import type { Shown } from "../shown/shown.ts";
import { bytesIn, planeIn, type Stored } from "../shown/stored.ts";
import type { InputSource, ModelSource } from "../worker/messages.ts";
import { type Example, modelFiles } from "./list.ts";

const at = (path: string): string => new URL(`examples/${path}`, document.baseURI).href;

export const bundledModel = (model: string): ModelSource => ({
  key: `bundled ${model}`,
  base: at(`models/${model}/`),
  names: modelFiles[model]!,
});

export const modelOf = ({ model }: Example): ModelSource => bundledModel(model);

/** Errors: Trouble. */
export const inputOf = async ({ input }: Example): Promise<InputSource> => {
  if ("text" in input) return input;
  return { name: input.file.split("/").at(-1)!, blob: await fetchedInput(at(input.file)) };
};

/** The page does without. */
export const storedOf = async ({ id }: Example): Promise<Stored | undefined> => {
  const response = await fetch(at(`stored/${id}.json`)).catch(() => undefined);
  return response?.ok ? ((await response.json()) as Stored) : undefined;
};

/** A stored result as a live one is shown; what only live ones know is missing. */
export const shownStored = async ({ classes, target, hash, picture, drawn }: Stored): Promise<Partial<Shown>> => ({
  classes,
  target,
  hash,
  ...(drawn && { drawn }),
  ...(picture && { drawn: { kind: "picture" as const, plane: planeIn(picture), seen: await rasterOf(picture.seen) } }),
});

const rasterOf = async (base64: string) => {
  const bitmap = await createImageBitmap(new Blob([bytesIn(base64)]));
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d")!;
  context.drawImage(bitmap, 0, 0);
  return { width, height, data: new Uint8Array(context.getImageData(0, 0, width, height).data.buffer) };
};
