/** Threads of Node that do tasks: of `backlit serve` and `backlit worker`. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { fail } from "@backlit/core";
import { type Thread, threadOf } from "@backlit/workbench";
import { withoutTelemetry } from "./runtime/node.ts";

/** `file`: beside the bundle; the sources have none. Errors: NotFound where it is not built. */
export const builtThread = <Task, Said>(file: string, workerData: object): Thread<Task, Said> => {
  const built = new URL(`./${file}`, import.meta.url);
  if (!existsSync(fileURLToPath(built))) throw fail("NotFound", { what: "the thread's file is not there", fix: "npm run build" });
  withoutTelemetry();
  return threadOf(new Worker(built, { workerData }));
};
