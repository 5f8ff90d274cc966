/** What holds for all doors: batches, limits, tokens, metrics, reload, the end. */
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type Listening, type LogEntry, serve } from "../src/index.ts";
import { ask as at, channelThread, digits, digitsOf, npy, openDigits, post, settingsOf } from "./support.ts";

const infer = (count: number, from: number, parameters = {}) => {
  const { dims, data } = digitsOf(count, from);
  return post({ inputs: [{ name: "input", shape: dims, datatype: "FP32", data: Array.from(data as Float32Array) }], parameters });
};
const path = "/v2/models/digits/infer";
const digit = npy(digitsOf(1));

describe("batches", () => {
  test("requests that run together get what they get alone, random methods too", async () => {
    const alone = await openDigits({ max_batch_size: 1 });
    const batched = await openDigits({ max_batch_size: 16 });
    for (const parameters of [{ target: 3 }, { method: "smoothgrad", target: "top", params: { samples: 3 } }]) {
      const name = (await (await at(alone, "/v2/models/digits")).json()).inputs[0].name;
      const ask = (opened: typeof alone, count: number, from: number) => {
        const request = infer(count, from, parameters);
        return at(opened, path, { ...request, body: String(request.body).replace('"input"', `"${name}"`) });
      };
      const wanted = [];
      for (const from of [0, 1, 2]) wanted.push(await (await ask(alone, 1 + from, from)).json());
      const got = await Promise.all([0, 1, 2].map(async (from) => (await ask(batched, 1 + from, from)).json()));
      for (const [i, { outputs, error }] of got.entries()) {
        expect(error).toBeUndefined();
        for (const [k, { name, shape, data }] of outputs.entries()) {
          const other = wanted[i].outputs[k];
          expect([name, shape]).toEqual([other.name, other.shape]);
          const scale = Math.max(...other.data.map(Math.abs));
          const apart = Math.max(...data.map((value: number, i: number) => Math.abs(value - other.data[i])));
          expect(apart).toBeLessThanOrEqual(1e-5 * scale);
        }
      }
    }
    const metrics = await (await at(batched, "/metrics")).text();
    expect(metrics).toMatch(/backlit_batch_rows_bucket\{le="4"\}/);
    await Promise.all([alone.drain(), batched.drain()]);
  });
});

test("of requests that run together one fails alone", async () => {
  const opened = await openDigits({ max_batch_size: 16, preferred_batch_size: [3], max_queue_delay_microseconds: 1e7 });
  const requests = [0, 1, 2].map((from) => infer(1, from));
  const { inputs } = JSON.parse(String(requests[1]!.body));
  inputs[0].data[0] = 1e39; // no float32
  requests[1] = post({ inputs, parameters: {} });
  const answers = await Promise.all(requests.map((request) => at(opened, path, request)));
  expect(answers.map(({ status }) => status)).toEqual([200, 400, 200]);
  expect(await (await at(opened, "/metrics")).text()).toContain("backlit_batch_rows_sum 4"); // 3, and the description
  await opened.drain();
});

test("texts are explained, by the files that lie beside the model", async () => {
  const models = new Map([["sentiment", digits.get("digits")!.replace(/digits$/, "text-sentiment")]]);
  const opened = await openDigits({}, { models });
  const answer = await at(opened, "/explain/sentiment", post("A wonderful film."));
  const document = await answer.json();
  expect(document).toMatchObject({ inputs: [{ label: "positive" }] });
  const instances = ["A wonderful film.", "What a waste of time."];
  const { predictions, explanations } = await (await at(opened, "/v1/models/sentiment:explain", post({ instances }))).json();
  expect(predictions).toHaveLength(2);
  expect(explanations.map(({ label }: { label: string }) => label)).toEqual(["positive", "negative"]);
  await opened.drain();
});

describe("who may ask", () => {
  test("has a token, and asks no more often than it allows", async () => {
    const tokens = join(tmpdir(), `backlit-tokens-${process.pid}`);
    writeFileSync(tokens, "# who asks\nsixteen-or-more-a\nsixteen-or-more-b 2 # slowly\n");
    let now = 0;
    const opened = await openDigits({ tokens }, { now: () => now });
    const ask = async (token?: string) => {
      const answer = await at(opened, "/v1/models", token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } });
      return [answer.status, answer.headers.get("Retry-After")];
    };
    expect((await at(opened, "/v2/health/live")).status).toBe(200);
    expect(await ask()).toEqual([401, null]);
    expect(await ask("sixteen-or-more-c")).toEqual([401, null]);
    for (let i = 0; i < 5; i++) expect(await ask("sixteen-or-more-a")).toEqual([200, null]);
    expect([await ask("sixteen-or-more-b"), await ask("sixteen-or-more-b")]).toEqual([
      [200, null],
      [200, null],
    ]);
    expect(await ask("sixteen-or-more-b")).toEqual([429, "30"]);
    now = 30_000;
    expect(await ask("sixteen-or-more-b")).toEqual([200, null]);
    writeFileSync(tokens, "short\n");
    await expect(opened.reload()).rejects.toThrow(/line 1/);
    expect(await ask("sixteen-or-more-a")).toEqual([200, null]);
    writeFileSync(tokens, "sixteen-or-more-c\n");
    await opened.reload();
    expect([await ask("sixteen-or-more-a"), await ask("sixteen-or-more-c")]).toEqual([
      [401, null],
      [200, null],
    ]);
    await opened.drain();
  });

  test("no page of another place: there is no CORS", async () => {
    const opened = await openDigits();
    const answer = await at(opened, "/v1/models", { headers: { Origin: "https://elsewhere.example" } });
    expect(answer.headers.get("Access-Control-Allow-Origin")).toBeNull();
    expect(answer.headers.get("X-Content-Type-Options")).toBe("nosniff");
    await opened.drain();
  });
});

describe("what is told", () => {
  test("to Prometheus and to the log", async () => {
    const log: LogEntry[] = [];
    const opened = await openDigits({}, { log: (entry) => log.push(entry) });
    await at(opened, "/explain/digits?method=gradient", post(digit));
    await at(opened, "/explain/digits?method=guess", post(digit));
    const text = await (await at(opened, "/metrics")).text();
    expect(text).toContain('request_explain_seconds_count{model="digits",method="gradient"} 1');
    expect(text).not.toContain("guess");
    expect(text).toContain('backlit_requests_total{door="explain",status="400"} 1');
    expect(log.map(({ method, path, status }) => [method, path, status])).toEqual([
      ["POST", "/explain/digits", 200],
      ["POST", "/explain/digits", 400],
      ["GET", "/metrics", 200],
    ]);
    await opened.drain();
  });

  test("in the OpenAPI document and its page: every address, no other server, nothing from elsewhere", async () => {
    const opened = await openDigits();
    const document = await (await at(opened, "/openapi.json")).json();
    const paths = Object.keys(document.paths).map((one) =>
      one.replace(/\{(\w+)\}/g, ":$1").replace(/:name:(predict|explain)$/, ":call"),
    );
    const routes = opened.app.routes
      .filter(({ method, path }) => method !== "ALL" && path !== "/*")
      .map(({ path }) => path.replace(/\{.*\}/, ""));
    const missing = routes.filter((route) => !paths.includes(route) && !["/openapi.json", "/v2/"].includes(route));
    expect(missing).toEqual([]);
    expect(JSON.stringify(document)).not.toMatch(/https?:/);
    const answer = await at(opened, "/openapi");
    const page = await answer.text();
    expect(answer.headers.get("Content-Security-Policy")).toMatch(/^default-src 'none'/);
    expect(page).not.toMatch(/<script|https?:/);
    for (const path of Object.keys(document.paths))
      expect(page).toContain(`<code>${document.paths[path].get ? "GET" : "POST"} ${path}`);
    await opened.drain();
  });
});

describe("a server", () => {
  let server: Listening | undefined;
  afterAll(() => server?.close());
  const open = () => serve({ models: digits, settings: settingsOf(), start: channelThread, readText: async () => "" });

  test("reloads while it answers, and ends when all is answered", async () => {
    server = await open();
    const ask = (query = "") => fetch(`${server!.url}/explain/digits${query}`, post(digit));
    const [during] = await Promise.all([ask(), server.reload()]);
    expect(during.status).toBe(200);
    const sent = ask("?method=integrated-gradients");
    const ready = await fetch(`${server.url}/v2/health/ready`);
    expect([(await sent).status, ready.status]).toEqual([200, 200]);
    await server.close();
    await expect(ask()).rejects.toThrow();
  });

  test("answers what runs when it is told to end, and takes nothing new", async () => {
    const opened = await openDigits();
    const running = at(opened, "/explain/digits", post(digit));
    const drained = opened.drain();
    const refused = await at(opened, "/explain/digits", post(digit));
    expect([refused.status, refused.headers.get("Retry-After")]).toEqual([503, "5"]);
    expect((await at(opened, "/v2/health/ready")).status).toBe(503);
    expect((await at(opened, "/v2/health/live")).status).toBe(200);
    expect((await running).status).toBe(200);
    await drained;
  });

  test("says that its port is taken, and that a model is not there", async () => {
    server = await open();
    const port = Number(new URL(server.url).port);
    const options = { models: digits, start: channelThread, readText: async () => "" };
    await expect(serve({ ...options, settings: settingsOf({ port }) })).rejects.toThrow(/the port is taken/);
    const missing = new Map([["none", "none.onnx"]]);
    await expect(serve({ ...options, models: missing, settings: settingsOf() })).rejects.toMatchObject({ _tag: "NotFound" });
  });

  test("keeps as many models as fit, and opens the others again", async () => {
    const models = new Map([...digits, ["mlp", digits.get("digits")!.replace(/digits$/, "digits-mlp")]]);
    const opened = await openDigits({ model_bytes: 1 }, { models });
    for (const name of ["digits", "mlp", "digits"]) expect((await at(opened, `/explain/${name}`, post(digit))).status).toBe(200);
    await opened.drain();
  });
});
