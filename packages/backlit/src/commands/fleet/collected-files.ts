/** What a run came to, as the files that the command of one machine writes. */
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { CollectedRun, RunState } from "@backlit/fleet";
import type { ConceptsResult, EvaluateResult } from "@backlit/workbench";
import { openFolder, writeFiles } from "../../host/write-files.ts";
import { writeEvaluation } from "../evaluate-files.ts";

/** Returns their paths. */
export const writeCollected = async (
  { kind, result, files }: CollectedRun,
  { title }: RunState,
  out: string,
): Promise<readonly string[]> => {
  await openFolder(out);
  if (kind === "evaluate") return writeEvaluation(result as EvaluateResult, { out, command: title });
  if (kind === "concepts") {
    const path = join(out, "concepts.json");
    const text = `${JSON.stringify((result as ConceptsResult).result)}\n`;
    await writeFiles([{ path, chunks: [new TextEncoder().encode(text)] }]);
    return [path];
  }
  const paths: string[] = [];
  for await (const { path, bytes } of files()) {
    const to = join(out, path);
    await mkdir(dirname(to), { recursive: true });
    await writeFiles([{ path: to, chunks: [bytes] }]);
    paths.push(to);
  }
  return paths;
};
