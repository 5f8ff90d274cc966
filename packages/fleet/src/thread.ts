import type { Worker } from "node:worker_threads";
import type { Thread } from "./crew.ts";

/** A thread of Node, which runs `workIn`. */
export const threadOf = (worker: Worker): Thread => ({
  postMessage: (call) => worker.postMessage(call),
  listen: ({ message, lost }) => {
    worker.on("message", message);
    worker.on("error", (error) => lost(error.message));
    worker.on("exit", () => lost("it ended"));
  },
  terminate: async () => void (await worker.terminate()),
});
