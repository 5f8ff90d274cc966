/** Clients that others wrote, unchanged, against a service that listens: Triton's, and schemathesis over our own OpenAPI document. */
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { load } from "../../backlit/src/index.ts";
import { at, scratch } from "../../backlit/test/cli.ts";
import { pythonWith } from "../../backlit/test/python.ts";
import { type Listening, serve } from "../src/index.ts";
import { channelThread, digits, digitsOf, repository, settingsOf } from "./support.ts";

const run = promisify(execFile);
const triton = await pythonWith("tritonclient.http");
const schemathesis = await pythonWith("schemathesis");

let service: Listening;
beforeAll(async () => {
  const readText = async (path: string) => readFileSync(path, "utf8");
  service = await serve({ models: digits, settings: settingsOf(), start: channelThread, readText });
});
afterAll(() => service.close());

test.runIf(triton)("tritonclient: bytes, JSON, asynchronous and packed requests have the library's own numbers", async () => {
  const script = repository("packages/service/test/clients/triton.py");
  const { stdout } = await run(triton!, [script, service.url.slice("http://".length), repository("data/digits/images.npy")]);
  const { relevance, ...found } = JSON.parse(stdout);
  expect(found).toEqual({
    live: true,
    outputs: ["logits", "relevance", "explained_target"],
    shapes: [
      [2, 10],
      [2, 1, 28, 28],
      [2, 1],
    ],
    targets: [3, 3],
    apart: { json: 0, async: 0, gzip: 0 },
    refused: expect.stringContaining("nobody"),
  });
  const lit = await load("digits");
  const own = await lit.explain(digitsOf(2), { target: 3 });
  await lit.release();
  const of = Array.from(own.relevance.data as Float32Array);
  const largest = Math.max(...of.map(Math.abs));
  expect(Math.max(...of.map((value, i) => Math.abs(value - relevance[i]))) / largest).toBeLessThan(1e-6);
});

/** Whether numbers fill a tensor's shape is no matter of a schema: what only that check says is left out. */
const attacked = (document: string, ...options: readonly string[]) =>
  run(
    schemathesis!,
    ["-m", "schemathesis.cli", "run", document, "--exclude-checks", "positive_data_acceptance", "--seed", "1", ...options],
    { cwd: scratch, maxBuffer: 2 ** 26 },
  );

test.runIf(schemathesis)("schemathesis finds nothing that the OpenAPI document does not say", async () => {
  const { stdout } = await attacked(`${service.url}/openapi.json`, "--max-examples", "4");
  expect(stdout).toMatch(/(\d+) generated, \1 passed/);
});

/** The protocol's own document is not ours to copy: OPEN_INFERENCE_REST names it (kserve/open-inference-protocol, specification/protocol). */
const protocol = process.env.OPEN_INFERENCE_REST;
test.runIf(schemathesis && protocol)("schemathesis finds nothing that the Open Inference Protocol does not say", async () => {
  // It documents no answer for other models than there are.
  const named = readFileSync(protocol!, "utf8")
    .replace(/\$\{MODEL_NAME\}/g, "digits")
    .replace(/\$\{MODEL_VERSION\}/g, "1");
  writeFileSync(at("protocol.yaml"), named);
  const { stdout } = await attacked(at("protocol.yaml"), "--url", service.url, "--max-examples", "4");
  expect(stdout).toMatch(/(\d+) generated, \1 passed/);
});
