/** The result of an evaluation, read back from its file or folder. */

import { type EvaluationResult, fail } from "@backlit/core";
import { type Files, inside, textIn } from "../../host/files.ts";

/** Errors: NotFound, BadInput. */
export const readResult = async (files: Files, path: string): Promise<EvaluationResult> => {
  const folder = (await files.info(path))?.kind === "folder";
  const file = folder ? inside(path, "result.json") : path;
  const text = await textIn(files, file);
  if (text === undefined)
    throw fail("NotFound", {
      what: "no result of an evaluation",
      where: file,
      why: "no such file",
      fix: "give the folder or result.json that evaluate --out wrote; or --recipes, a model and data",
    });
  const bad = (why: string, cause?: unknown) =>
    fail("BadInput", { what: "not the result of an evaluation", where: file, why, fix: "give what evaluate wrote" }, cause);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw bad("it is no JSON", cause);
  }
  const { evaluation, tables, samples, methods, settings } = (json ?? {}) as Partial<EvaluationResult>;
  if (evaluation !== 1 || ![tables, samples, methods, settings].every(Array.isArray)) throw bad("it is another document");
  return json as EvaluationResult;
};
