/** The model that is asked about, kept open: a further class or method costs its own passes only. */
import type { Runtime } from "@backlit/core";
import { filesOf, webHost } from "@backlit/web";
import { type Host, modelIn, type OpenModel, openWith } from "@backlit/workbench";
import { engine } from "./engine.ts";
import { fetchedFiles } from "./fetched.ts";
import type { EngineChoice, InputSource, ModelSource } from "./messages.ts";

export interface Opened {
  readonly lit: OpenModel;
  readonly path: string;
  readonly files: Readonly<Record<string, Blob>>;
}

let runtime: Promise<Runtime> | undefined;
let last: { readonly key: string; readonly opened: Promise<Opened> } | undefined;

const sharedEngine = (): Promise<Runtime> => {
  runtime ??= engine(JSON.parse(self.name) as EngineChoice);
  return runtime;
};

/** A host of these files. */
export const hostOf = (files: Readonly<Record<string, Blob>>): Host => webHost({ files: filesOf(files), runtime: sharedEngine });

/** Errors: those of fetching and opening. */
export const openedModel = async (source: ModelSource, progress: (text: string) => void): Promise<Opened> => {
  if (last?.key === source.key) return last.opened;
  const before = last;
  const opened = open(source, progress);
  last = { key: source.key, opened };
  opened.catch(() => {
    if (last?.opened === opened) last = undefined;
  });
  await before?.opened.then(({ lit }) => lit.release()).catch(() => {});
  return opened;
};

const open = async (source: ModelSource, progress: (text: string) => void): Promise<Opened> => {
  const own = "files" in source ? source.files : await fetchedFiles(source, progress);
  progress("opening the model");
  const path = await modelIn(hostOf(own));
  const files = source.labels ? withNames(own, path, source.labels) : own;
  return { lit: await openWith(hostOf(files), path), path, files };
};

/** The file stands beside the model as its names, so that every job reads them. */
const withNames = (files: Opened["files"], path: string, labels: File): Opened["files"] => {
  const dir = /\.onnx$/i.test(path) ? path.slice(0, path.lastIndexOf("/") + 1) : `${path}/`;
  const others = Object.entries(files).filter(([name]) => name !== `${dir}labels.json` && name !== `${dir}labels.txt`);
  return { ...Object.fromEntries(others), [`${dir}labels.${/\.json$/i.test(labels.name) ? "json" : "txt"}`]: labels };
};

/** As an open model takes it: a text is not a file's name, even if it looks like one. */
export const inputOf = (input: InputSource): File | Uint8Array =>
  "text" in input ? new TextEncoder().encode(input.text) : new File([input.blob], input.name);
