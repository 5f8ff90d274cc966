/**
 * The fleet's own time: three workers against one on units that only sleep, and the submission of a plan of many units.
 * REDIS=redis://… POSTGRES=postgres://… node bench/fleet.js [--units 1000000]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { MessageChannel } from "node:worker_threads";
import { enqueueRun, jobsAt, startFleetWorker, workIn } from "@backlit/fleet";
import { sleep } from "../packages/fleet/test/support/sleep.js";

const { values } = parseArgs({ options: { units: { type: "string", default: "1000000" } } });
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
  const one = await worker(queue, {
    sleep: async () => ({
      ...sleep,
      openUnits: async (request, context) => ({ ...(await sleep.openUnits(request, context)), run: () => new Promise(() => {}) }),
    }),
  });
  const [before, from] = [process.memoryUsage.rss(), performance.now()];
  let most = before;
  const looking = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 50);
  const run = await enqueueRun(queue, folder, {
    kind: "sleep",
    request: { name: `plan ${name} ${Date.now()}`, count: Number(values.units), ms: 0 },
    title: "plan",
  });
  await until(jobs, run, ({ units }) => units !== undefined);
  clearInterval(looking);
  console.log(
    `${name}: a plan of ${values.units} units in ${((performance.now() - from) / 1000).toFixed(0)} s; the process grew by ${((most - before) / 1e6).toFixed(0)} MB`,
  );
  await jobs[Symbol.asyncDispose]();
  await Promise.race([one.close(), new Promise((resolve) => setTimeout(resolve, 100))]);
}
rmSync(folder, { recursive: true });
process.exit(0);
