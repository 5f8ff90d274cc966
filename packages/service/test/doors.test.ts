/** What clients may do beside asking plainly: pack bodies, watch, ask again, look for pages, use wrong methods. */
import { gzipSync } from "node:zlib";
import { readNpy } from "@backlit/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OpenService } from "../src/index.ts";
import { ask as at, digitsOf, npy, openDigits, post } from "./support.ts";

let opened: OpenService;
beforeAll(async () => {
  opened = await openDigits(
    { body_bytes: 200_000 },
    { site: async (path) => (path === "/" ? new Response("<!doctype html>") : undefined) },
  );
});
afterAll(() => opened.drain());
const ask = (path: string, init?: RequestInit) => at(opened, path, init);
const digit = npy(digitsOf(1));

describe("packed bodies", () => {
  test("gzip and deflate mean what they hold", async () => {
    const npyOf = async (init: RequestInit) => {
      const answer = await ask("/explain/digits?target=3&method=gradient&form=npy", init);
      expect(answer.status).toBe(200);
      return readNpy(new Uint8Array(await answer.arrayBuffer())).data;
    };
    const plain = await npyOf(post(digit));
    expect(await npyOf(post(new Uint8Array(gzipSync(digit)), { "Content-Encoding": "gzip" }))).toEqual(plain);
  });

  test.each([
    ["gzip", new Uint8Array(gzipSync(new Uint8Array(1e6))), 413, /unpacked body of more than 200000 bytes/],
    ["gzip", new Uint8Array([1, 2, 3]), 400, /the body is no gzip/],
    ["br", new Uint8Array([1, 2, 3]), 415, /send gzip, deflate, or none/],
  ])("%s that is none, or too large once unpacked, is refused", async (encoding, body, status, error) => {
    const answer = await ask("/explain/digits", post(body, { "Content-Encoding": encoding }));
    expect(answer.status).toBe(status);
    expect((await answer.json()).error).toMatch(error);
  });
});

describe("events", () => {
  const events = async (path: string, body: Uint8Array) => {
    const answer = await ask(path, post(body, { Accept: "text/event-stream" }));
    expect(answer.headers.get("Content-Type")).toMatch(/^text\/event-stream/);
    const blocks = (await answer.text()).trim().split("\n\n");
    return blocks.map((block) => {
      const [, event] = /^event: (.*)$/m.exec(block) ?? [];
      return { event: event!, data: [...block.matchAll(/^data: ?(.*)$/gm)].map(([, line]) => line).join("\n") };
    });
  };

  test("say how far a method of many passes is, then give the document", async () => {
    const all = await events("/explain/digits?method=integrated-gradients&set=steps=64&target=3&random=7", digit);
    expect(all.length).toBeGreaterThan(1);
    expect(all[0]).toMatchObject({ event: "progress" });
    expect(all.at(-1)!.event).toBe("result");
    expect(JSON.parse(all.at(-1)!.data)).toMatchObject({ inputs: [{ target: 3 }] });
  });

  test("carry other forms, and errors", async () => {
    const [png] = (await events("/explain/digits?form=png", digit)).slice(-1);
    const { type, base64 } = JSON.parse(png!.data);
    expect([type, Buffer.from(base64, "base64").subarray(1, 4).toString()]).toEqual(["image/png", "PNG"]);
    const [wrong] = (await events("/explain/digits?target=77", digit)).slice(-1);
    expect(wrong!.event).toBe("error");
    expect(JSON.parse(wrong!.data)).toMatchObject({ status: 400, error: expect.stringContaining("77") });
  });
});

test("the same file asked the same way is answered from what is kept, until the models are loaded anew", async () => {
  const cached = async (query: string) => {
    const answer = await ask(`/explain/digits?${query}`, post(digit));
    return [answer.headers.get("X-Backlit-Cache"), await answer.text()] as const;
  };
  const [first, text] = await cached("target=4");
  expect([first, ...(await cached("target=4"))]).toEqual(["miss", "hit", text]);
  expect((await cached("target=5"))[0]).toBe("miss");
  await opened.reload();
  expect((await cached("target=4"))[0]).toBe("miss");
});

test.each([
  ["DELETE", "/v2/models/digits", 405, "GET, HEAD"],
  ["GET", "/v2/models/digits/infer", 405, "POST"],
  ["OPTIONS", "/v1/models/digits", 405, "GET, HEAD"],
  ["OPTIONS", "/v1/models/digits:explain", 405, "POST"],
  ["POST", "/v1/models/digits:guess", 404, null],
  ["GET", "/explain/digits", 405, "POST"],
  ["PUT", "/v2/health/live", 405, "GET, HEAD"],
  ["POST", "/nowhere", 404, null],
  ["GET", "/nowhere.js", 404, null],
  ["GET", "/", 200, null],
])("%s %s is answered by %i", async (method, path, status, allow) => {
  const answer = await ask(path, { method });
  expect(answer.status).toBe(status);
  expect(answer.headers.get("Allow")).toBe(allow);
});
