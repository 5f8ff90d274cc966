/** Where a MODEL lies: an .onnx file, a folder in Hugging Face style, or a bundled name. */
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { fail } from "@backlit/core";
import { suggest } from "../report/nearest.ts";
import { bundled, bundledFolder } from "backlit";

export interface Found {
  /** The .onnx file. */
  readonly path: string;
  /** The folder its config files lie in. */
  readonly dir: string;
  readonly name: string;
}

/** A bare name of a bundled model is that model, whatever lies in the working directory; `./name` is a folder. Throws NotFound. */
export const findModel = async (model: string): Promise<Found> => {
  if (Object.hasOwn(bundled, model)) return inFolder(bundledFolder(model), model);
  const info = await stat(model).catch(() => undefined);
  if (info?.isDirectory()) return inFolder(model, basename(resolve(model)));
  if (info !== undefined) {
    const folder = dirname(model);
    const dir = basename(resolve(folder)) === "onnx" && !(await hasConfig(folder)) ? dirname(resolve(folder)) : folder;
    return { path: model, dir, name: basename(model, extname(model)) };
  }
  if (/[\\/]|\.onnx$/i.test(model)) throw fail("NotFound", { what: "no such model", where: model, fix: "check the path" });
  throw fail("NotFound", {
    what: `no file, folder or bundled model is called '${model}'`,
    fix: suggest(model, Object.keys(bundled)),
  });
};

const inFolder = async (dir: string, name: string): Promise<Found> => {
  for (const path of [join(dir, "model.onnx"), join(dir, "onnx", "model.onnx")])
    if ((await stat(path).catch(() => undefined))?.isFile()) return { path, dir, name };
  const files = (await readdir(dir)).filter((file) => file.endsWith(".onnx"));
  if (files.length === 1) return { path: join(dir, files[0]!), dir, name };
  throw fail("NotFound", {
    what: "no model.onnx in the folder",
    where: dir,
    why: files.length ? `it holds ${files.slice(0, 3).join(", ")}${files.length > 3 ? ", …" : ""}` : "it holds no .onnx file",
    fix: files.length ? "give one of them" : "give an .onnx file",
  });
};

const hasConfig = async (dir: string): Promise<boolean> => (await readdir(dir)).includes("config.json");
