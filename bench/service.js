/**
 * The service under load: processor time a row against bare batched runs, latency, overload, memory.
 * node bench/service.js [--model NAME] [--rows 16] [--requests 16, 0: the second part only] [--small 10000]
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { InferenceSession, Tensor } from "onnxruntime-node";

const { values } = parseArgs({
  options: {
    model: { type: "string", default: "efficientnet-lite0" },
    side: { type: "string", default: "224" },
    rows: { type: "string", default: "16" },
    requests: { type: "string", default: "16" },
    small: { type: "string", default: "10000" },
  },
});
const [rows, requests, small, side] = [values.rows, values.requests, values.small, values.side].map(Number);

const BIN = fileURLToPath(new URL("../packages/backlit/bin/backlit.js", import.meta.url));

/** Seconds of processor time of a process, and its resident bytes. */
const usageOf = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return { cpu: (Number(fields[11]) + Number(fields[12])) / 100, rss: 4096 * Number(fields[21]) };
};

const serve = async (model, env = {}) => {
  const child = spawn(process.execPath, [BIN, "serve", model, "--port", "0"], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await new Promise((resolve, reject) => {
    let text = "";
    child.on("exit", () => reject(new Error(text)));
    child.stdout.on("data", (data) => {
      text += data;
      const [, found] = /"url":"([^"]+)"/.exec(text) ?? [];
      if (found) resolve(found);
    });
  });
  child.stdout.removeAllListeners("data").resume();
  return { child, url };
};

/** One request of the Open Inference Protocol, tensors as bytes both ways. */
const binary = (name, dims, data, outputs) => {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const head = JSON.stringify({
    inputs: [{ name, shape: dims, datatype: "FP32", parameters: { binary_data_size: bytes.length } }],
    outputs: outputs.map((one) => ({ name: one, parameters: { binary_data: true } })),
  });
  return {
    method: "POST",
    headers: { "Inference-Header-Content-Length": String(Buffer.byteLength(head)) },
    body: Buffer.concat([Buffer.from(head), bytes]),
  };
};

const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

const large = async () => {
  const folder = mkdtempSync(join(tmpdir(), "backlit-bench-"));
  const file = join(folder, "explained.onnx");
  execFileSync(process.execPath, [BIN, "compile", values.model, "-o", file, "--quiet"], { stdio: "inherit" });
  const session = await InferenceSession.create(file);
  const [name] = session.inputNames;
  const dims = [rows, 3, side, side];
  const data = Float32Array.from({ length: rows * 3 * side * side }, (_, i) => Math.sin(i) + 0.1);
  const feeds = { [name]: new Tensor("float32", data, dims) };
  await session.run(feeds);
  const from = usageOf(process.pid).cpu;
  for (let i = 0; i < requests; i++) await session.run(feeds);
  const bare = (usageOf(process.pid).cpu - from) / (requests * rows);
  const { child, url } = await serve(values.model, { BACKLIT_SECONDS: "300" });
  const meta = await (await fetch(`${url}/v2/models/${values.model}`)).json();
  const outputs = meta.outputs.map(({ name: one }) => one);
  const ask = async () => {
    const answer = await fetch(`${url}/v2/models/${values.model}/infer`, binary(name, dims, data, outputs));
    if (!answer.ok) throw new Error(await answer.text());
    await answer.arrayBuffer();
  };
  await ask();
  const before = usageOf(child.pid).cpu;
  for (let i = 0; i < requests; i++) await ask();
  const served = (usageOf(child.pid).cpu - before) / (requests * rows);
  child.kill();
  rmSync(folder, { recursive: true });
  console.log(
    `${values.model}, ${rows} rows a request: bare ${(1000 * bare).toFixed(1)} ms of processor a row, served ${(1000 * served).toFixed(1)}, ratio ${(served / bare).toFixed(2)}`,
  );
};

const many = async () => {
  const { child, url } = await serve("digits", { BACKLIT_MAX_BATCH_SIZE: "16", BACKLIT_QUEUE: "64" });
  const data = new Float32Array(784).fill(0.5);
  const request = binary("input", [1, 1, 28, 28], data, ["logits", "relevance"]);
  const times = [];
  const ask = async () => {
    const from = performance.now();
    const answer = await fetch(`${url}/v2/models/digits/infer`, request);
    await answer.arrayBuffer();
    if (answer.ok) times.push(performance.now() - from);
    return answer.status;
  };
  const clients = async (count, each) =>
    (
      await Promise.all(
        Array.from({ length: count }, async () => {
          const seen = [];
          for (let i = 0; i < each; i++) seen.push(await ask());
          return seen;
        }),
      )
    ).flat();
  await clients(16, 50);
  const memory = [usageOf(child.pid).rss];
  times.length = 0;
  const from = performance.now();
  for (let part = 0; part < 10; part++) {
    await clients(16, Math.ceil(small / 160));
    memory.push(usageOf(child.pid).rss);
  }
  const seconds = (performance.now() - from) / 1000;
  times.sort((a, b) => a - b);
  console.log(
    `digits, 16 clients, a row each: ${(times.length / seconds).toFixed(0)} requests/s, median ${quantile(times, 0.5).toFixed(1)} ms, p99 ${quantile(times, 0.99).toFixed(1)} ms`,
  );
  console.log(`memory over ${times.length} requests: ${memory.map((bytes) => (bytes / 1e6).toFixed(0)).join(", ")} MB`);
  const flood = await clients(400, 2);
  const refused = flood.filter((status) => status === 503).length;
  const after = await clients(4, 5);
  console.log(
    `400 clients at once: ${flood.length - refused} answered, ${refused} refused with 503; afterwards ${after.filter((status) => status === 200).length} of ${after.length} answered`,
  );
  child.kill();
};

await many();
if (requests > 0) await large();
