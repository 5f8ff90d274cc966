/** Where a MODEL lies: an .onnx file, a folder in Hugging Face style, or a bundled name. */
import { fail } from "@backlit/core";
import { baseName, type Files, folderOf, inside, stem } from "../host/files.ts";
import type { Host } from "../host/host.ts";
import { suggest } from "../words/nearest.ts";

export interface Found {
  /** The .onnx file. */
  readonly path: string;
  /** The folder its config files lie in. */
  readonly dir: string;
  readonly name: string;
}

/** A bare name of a bundled model is that model, whatever lies in the working directory; `./name` is a folder. Throws NotFound. */
export const findModel = async ({ files, bundled }: Pick<Host, "files" | "bundled">, model: string): Promise<Found> => {
  if (bundled?.names.includes(model)) return inFolder(files, bundled.folder(model), model);
  const info = await files.info(model);
  if (info?.kind === "folder") return inFolder(files, model, info.name);
  if (info !== undefined) return { path: model, dir: await configFolder(files, folderOf(model)), name: stem(model) };
  if (/[\\/]|\.onnx$/i.test(model)) throw fail("NotFound", { what: "no such model", where: model, fix: "check the path" });
  throw fail("NotFound", {
    what: `no file, folder ${bundled ? "or bundled model " : ""}is called '${model}'`,
    fix: bundled ? suggest(model, bundled.names) : "give an .onnx file",
  });
};

const inFolder = async (files: Files, dir: string, name: string): Promise<Found> => {
  for (const path of [inside(dir, "model.onnx"), inside(dir, "onnx/model.onnx")])
    if ((await files.info(path))?.kind === "file") return { path, dir, name };
  const found = (await files.list(dir)).map((file) => file.name).filter((file) => file.endsWith(".onnx"));
  if (found.length === 1) return { path: inside(dir, found[0]!), dir, name };
  throw fail("NotFound", {
    what: "no model.onnx in the folder",
    where: dir,
    why: found.length ? `it holds ${found.slice(0, 3).join(", ")}${found.length > 3 ? ", …" : ""}` : "it holds no .onnx file",
    fix: found.length ? "give one of them" : "give an .onnx file",
  });
};

/** Of a file in a folder called `onnx` without a config.json: the folder around it. */
const configFolder = async (files: Files, folder: string): Promise<string> => {
  const info = await files.info(folder === "" ? "." : folder);
  if (info?.name !== "onnx" || (await files.info(inside(folder, "config.json"))) !== undefined) return folder;
  const named = baseName(folder);
  return named === "onnx" ? folderOf(folder) : inside(folder, "..");
};
