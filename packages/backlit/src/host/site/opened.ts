/** A model and an input of this machine as files of the studio's site, which is told of them by `open.json`. */
import { basename, relative, sep } from "node:path";
import { findModel, type Host, openModel } from "@backlit/workbench";
import type { SiteOptions } from "./serve.ts";

type Named = NonNullable<SiteOptions["named"]>;

/** Texts that may belong to a model: class names, preprocessing, tokenizer. */
const BESIDE = /\.(json|txt)$/;

/** `input`: a file, or a text. Errors: those of opening the model. */
export const openedFiles = async (host: Host, model: string, input: string | undefined): Promise<Named> => {
  const found = await findModel(host, model);
  const { files } = await openModel(host, model);
  const beside = (await host.files.list(found.dir === "" ? "." : found.dir))
    .filter(({ kind, name }) => kind === "file" && BESIDE.test(name))
    .map(({ name }) => (found.dir === "" ? name : `${found.dir}/${name}`));
  const all = [...new Set([...files, ...beside])].map((path) => [placeIn(found.dir, path), path] as const);
  const isFile = input !== undefined && (await host.files.info(input))?.kind === "file";
  const told = {
    model: { name: model, files: all.map(([place]) => place) },
    ...(input !== undefined && { input: isFile ? { file: basename(input), path: input } : { text: input } }),
  };
  return new Map<string, { path: string } | { text: string }>([
    ["open.json", { text: JSON.stringify(told) }],
    ...all.map(([place, path]) => [`open/model/${place}`, { path }] as const),
    ...(isFile ? ([[`open/input/${basename(input)}`, { path: input }]] as const) : []),
  ]);
};

const placeIn = (dir: string, path: string): string => {
  const place = relative(dir, path).split(sep).join("/");
  return place.startsWith("..") ? basename(path) : place;
};
