/** Starts the threads of `backlit serve`. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { fail } from "@backlit/core";
import type { Room } from "@backlit/service";
import { withoutTelemetry } from "./runtime/node.ts";

/** Beside the bundle; the sources have none. */
const BUILT = new URL("./service-thread.js", import.meta.url);

/** Errors: NotFound where it is not built. */
export const serviceThread = (room: Room): Worker => {
  if (!existsSync(fileURLToPath(BUILT))) throw fail("NotFound", { what: "the thread's file is not there", fix: "npm run build" });
  withoutTelemetry();
  return new Worker(BUILT, { workerData: room });
};
