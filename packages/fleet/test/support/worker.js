/** A worker's process: QUEUE and CACHE in the environment, what it did on standard output. */
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { startFleetWorker, workIn } from "@backlit/fleet";
import { threadOf } from "@backlit/workbench";
import { sleep } from "./sleep.js";

const engine = {
  name: process.env.ENGINE ?? "none",
  version: "1",
  cpu: "any",
  createSession: () => Promise.reject(new Error("none")),
};
const host = { files: {}, pictures: {}, runtimes: { cores: 1, several: async (count) => Array(count).fill(engine) } };

if (!isMainThread) workIn(parentPort, { host, cache: workerData.cache, kinds: { sleep: async () => sleep } });
else {
  const worker = await startFleetWorker({
    queue: process.env.QUEUE,
    lock: Number(process.env.LOCK ?? 1),
    start: () => threadOf(new Worker(fileURLToPath(import.meta.url), { workerData: { cache: process.env.CACHE } })),
    note: (text) => console.log(`note: ${text}`),
    done: (what) => console.log(what),
  });
  process.on("SIGTERM", () => void worker.close().then(() => console.log("ended")));
  console.log("working");
}
