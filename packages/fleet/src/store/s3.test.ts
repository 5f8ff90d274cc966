/** The bucket's client against moto's server, where there is one, and against one that fails. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { AwsClient } from "aws4fetch";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openObjects } from "./open.ts";

const text = (value: string) => new TextEncoder().encode(value);
const keys = { AWS_ACCESS_KEY_ID: "key", AWS_SECRET_ACCESS_KEY: "secret" };

/** `pip install moto[server]`; MOTO_SERVER names the program where it is not on the path. */
const program = process.env.MOTO_SERVER ?? "moto_server";
const installed = (): boolean => {
  try {
    execFileSync(program, ["--help"], { stdio: "ignore" });
    return true;
  } catch {
    console.warn("moto_server is not installed: the tests of buckets are left out");
    return false;
  }
};

describe.runIf(installed())("a bucket", () => {
  let child: ChildProcess;
  let endpoint: string;
  beforeAll(async () => {
    child = spawn(program, ["-H", "127.0.0.1", "-p", "0"], { stdio: ["ignore", "pipe", "pipe"] });
    endpoint = await new Promise((resolve) => {
      for (const stream of [child.stdout!, child.stderr!])
        stream.on("data", (data) => {
          const [, port] = /http:\/\/127\.0\.0\.1:(\d+)/.exec(String(data)) ?? [];
          if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
        });
    });
    const client = new AwsClient({ accessKeyId: "key", secretAccessKey: "secret", service: "s3", region: "us-east-1" });
    expect((await client.fetch(`${endpoint}/bucket`, { method: "PUT" })).status).toBe(200);
  });
  afterAll(() => void child.kill());

  test("keeps what is put under names of all kinds, and of many who create one wins", async () => {
    const objects = openObjects("s3://bucket/pre fix/", { ...keys, AWS_ENDPOINT_URL: endpoint });
    expect([await objects.get("a/b"), await objects.has("a/b")]).toEqual([undefined, false]);
    await objects.put("a/b", text("hello"));
    expect([new TextDecoder().decode(await objects.get("a/b")), await objects.has("a/b")]).toEqual(["hello", true]);
    const won = await Promise.all(Array.from({ length: 6 }, (_, i) => objects.create("bound", text(`${i}`))));
    expect(won.filter(Boolean).length).toBe(1);
    expect(new TextDecoder().decode(await objects.get("bound"))).toBe(`${won.indexOf(true)}`);
  });

  test("that is not there is said so, not taken for an empty one", async () => {
    const objects = openObjects("s3://nowhere", { ...keys, AWS_ENDPOINT_URL: endpoint });
    await expect(objects.get("a")).rejects.toMatchObject({ _tag: "Store", message: "no such bucket (s3://nowhere): create it" });
  });
});

describe("a server that fails", () => {
  let server: Server;
  beforeAll(async () => {
    server = createServer((_, response) => response.writeHead(503).end("<Error><Code>SlowDown</Code></Error>"));
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => void server.close());

  test("is a store that does not answer, whatever is asked", async () => {
    const { port } = server.address() as AddressInfo;
    const objects = openObjects("s3://bucket", { ...keys, AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` });
    const asked = [
      () => objects.get("a"),
      () => objects.put("a", text("")),
      () => objects.create("a", text("")),
      () => objects.has("a"),
    ];
    for (const ask of asked)
      await expect(ask()).rejects.toMatchObject({ _tag: "Store", message: expect.stringContaining("503") });
    const gone = openObjects("s3://bucket", { ...keys, AWS_ENDPOINT_URL: "http://127.0.0.1:1" });
    await expect(gone.get("a")).rejects.toMatchObject({ _tag: "Store" });
  });
});

test("a place that is no store, and one without keys, are refused", () => {
  expect(() => openObjects("gs://bucket", keys)).toThrow(/a store gs:\/\/bucket: name a folder, or s3/);
  expect(() => openObjects("s3://bucket", {})).toThrow(/no keys.*AWS_ACCESS_KEY_ID/);
});
