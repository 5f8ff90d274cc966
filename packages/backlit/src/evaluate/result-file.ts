/** The result of an evaluation, read back from its file or folder. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type EvaluationResult, fail } from "@backlit/core";

/** Errors: NotFound, BadInput. */
export const readResult = async (path: string): Promise<EvaluationResult> => {
  const info = await stat(path).catch(() => undefined);
  const file = info?.isDirectory() ? join(path, "result.json") : path;
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw fail("NotFound", {
      what: "no result of an evaluation",
      where: file,
      why: cause.code === "ENOENT" ? "no such file" : cause.message,
      fix: "give the folder or result.json that evaluate --out wrote; or --recipes, a model and data",
    });
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
