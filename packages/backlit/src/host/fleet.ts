/** Starts the threads of `backlit worker`. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { fail } from "@backlit/core";
import { withoutTelemetry } from "./runtime/node.ts";

/** Beside the bundle; the sources have none. */
const BUILT = new URL("./fleet-thread.js", import.meta.url);

/** `cache`: a folder for the inputs of runs. Errors: NotFound where it is not built. */
export const fleetThread = (cache: string): Worker => {
  if (!existsSync(fileURLToPath(BUILT))) throw fail("NotFound", { what: "the thread's file is not there", fix: "npm run build" });
  withoutTelemetry();
  return new Worker(BUILT, { workerData: { cache } });
};
