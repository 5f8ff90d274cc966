/**
 * The fleet's own time: three workers against one on units that only sleep, and a plan of many units that are done at once.
 * REDIS=redis://… POSTGRES=postgres://… node bench/fleet.js [--units 1000000] [--seconds 60]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { MessageChannel } from "node:worker_threads";
import { enqueueRun, jobsAt, startFleetWorker, workIn } from "@backlit/fleet";
import { sleep } from "../packages/fleet/test/support/sleep.js";

const { values } = parseArgs({
  options: { units: { type: "string", default: "1000000" }, seconds: { type: "string", default: "60" } },
});
const engine = { name: "none", version: "1", cpu: "any", createSession: () => Promise.reject(new Error("none")) };
const host = { files: {}, pictures: {}, runtimes: { cores: 1, several: async (count) => Array(count).fill(engine) } };
const folder = mkdtempSync(join(tmpdir(), "backlit-bench-"));

const worker = (queue, kinds) =>
  startFleetWorker({
    queue,
    start: () => {
      const { port1, port2 } = new MessageChannel();
      workIn(port2, { host, cache: join(folder, "cache"), kinds });
      return {
        postMessage: (call) => port1.postMessage(call),
        listen: ({ message }) => port1.on("message", message),
        terminate: async () => port1.close(),
      };
    },
    note: (text) => console.error(text),
  });

/** What Redis says it holds; NaN of other servers. */
const serverBytes = (queue) =>
  new Promise((resolve, reject) => {
    const { protocol, hostname, port } = new URL(queue);
    if (protocol !== "redis:") return resolve(Number.NaN);
    const socket = connect(Number(port || 6379), hostname, () => socket.write("INFO memory\r\n"));
    let text = "";
    socket.on("error", reject).on("data", (data) => {
      text += data;
      const [, bytes] = /used_memory:(\d+)/.exec(text) ?? [];
      if (bytes === undefined) return;
      socket.destroy();
      resolve(Number(bytes));
    });
  });

const until = async (jobs, run, ends) => {
  for (;;) {
    const state = await jobs.find(run);
    if (ends(state)) return state;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

for (const queue of [process.env.REDIS, process.env.POSTGRES].filter(Boolean)) {
  const jobs = await jobsAt(queue);
  const name = new URL(queue).protocol.slice(0, -1);
  const times = [];
  for (const workers of [1, 3]) {
    const crew = await Promise.all(Array.from({ length: workers }, () => worker(queue, { sleep: async () => sleep })));
    const from = performance.now();
    const run = await enqueueRun(queue, folder, {
      kind: "sleep",
      request: { name: `${name} ${workers} ${Date.now()}`, count: 48, ms: 500 },
      title: "sleep",
    });
    await until(jobs, run, ({ state }) => state === "done");
    times.push(performance.now() - from);
    await Promise.all(crew.map((one) => one.close()));
  }
  console.log(
    `${name}: 48 units of 500 ms: ${times.map((ms) => `${(ms / 1000).toFixed(1)} s`).join(" by one worker, ")} by three: ${(times[1] / times[0]).toFixed(2)}`,
  );
  const idle = {
    openUnits: async ({ count }) => ({ count, run: async () => {}, [Symbol.asyncDispose]: async () => {} }),
    collect: async () => ({ result: null, files: (async function* () {})() }),
  };
  const one = await worker(queue, { sleep: async () => idle });
  const [before, from, stored] = [process.memoryUsage.rss(), performance.now(), await serverBytes(queue)];
  let [most, fullest] = [before, stored];
  let state;
  const run = await enqueueRun(queue, folder, {
    kind: "sleep",
    request: { name: `plan ${name} ${Date.now()}`, count: Number(values.units), ms: 0 },
    title: "plan",
  });
  const { units } = await until(jobs, run, (now) => now.units !== undefined);
  const planned = performance.now() - from;
  const last = from + 1000 * Number(values.seconds);
  do {
    await new Promise((resolve) => setTimeout(resolve, 100));
    most = Math.max(most, process.memoryUsage.rss());
    fullest = Math.max(fullest, await serverBytes(queue));
    state = await jobs.find(run);
  } while (performance.now() < last && !["done", "failed"].includes(state.state));
  const took = (performance.now() - from) / 1000;
  const grown = Number.isNaN(stored) ? "" : `, the server's memory by ${((fullest - stored) / 1e6).toFixed(1)} MB`;
  console.log(
    `${name}: a plan of ${units} units in ${(planned / 1000).toFixed(1)} s; ${state.done} of them done by one worker after ${took.toFixed(0)} s (${(state.done / took).toFixed(0)}/s); the process, worker and all, grew by ${((most - before) / 1e6).toFixed(0)} MB${grown}`,
  );
  await jobs[Symbol.asyncDispose]();
  await Promise.race([one.close(), new Promise((resolve) => setTimeout(resolve, 100))]);
}
rmSync(folder, { recursive: true });
process.exit(0);
