/** Masks that targets name: arrays, or pictures in the size of the output, not black inside. */
import { type Choices, readNpy, type Tensor } from "@backlit/core";
import { readInput } from "../host/files.ts";
import type { Host } from "../host/host.ts";
import { decodePicture } from "../kinds/decode-picture.ts";

/** By the name in the target; undefined where none is named. Errors: NotFound, BadInput. */
export const targetFilesOf = async (
  target: Choices["target"],
  host: Pick<Host, "files" | "pictures">,
): Promise<Readonly<Record<string, Tensor>> | undefined> => {
  const words = typeof target === "object" ? target.list : [target];
  const names = words.flatMap((one) => /@mask:(.+)$/s.exec(String(one))?.[1] ?? []);
  if (names.length === 0) return undefined;
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await maskIn(host, name)] as const)));
};

const maskIn = async ({ files, pictures }: Pick<Host, "files" | "pictures">, name: string): Promise<Tensor> => {
  const bytes = await readInput(files, name);
  if (/\.npy$/i.test(name)) return readNpy(bytes);
  const { width, height, data } = await decodePicture(pictures, bytes, { name });
  return { type: "uint8", dims: [height, width], data: Uint8Array.from({ length: width * height }, (_, i) => data[3 * i]!) };
};
