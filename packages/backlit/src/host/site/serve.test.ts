import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serveSite } from "./serve.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "site-"));
  await writeFile(join(folder, "index.html"), "<!doctype html>");
  await writeFile(join(folder, "a.mjs"), "export {};");
});
afterAll(() => rm(folder, { recursive: true }));

/** `fetch` would tidy paths and set its own host. */
const asked = (address: string, path: string, host = "localhost"): Promise<number> =>
  new Promise((done, failed) => {
    request(address, { path, headers: { host } }, (response) => {
      response.resume();
      done(response.statusCode!);
    })
      .on("error", failed)
      .end();
  });

describe("a site of this machine", () => {
  test("files by their types, isolated; texts and files of elsewhere by their names", async () => {
    const named = new Map([
      ["open.json", { text: "{}" }],
      ["open/model/m.onnx", { path: join(folder, "a.mjs") }],
    ]);
    await using site = await serveSite({ folder, named });
    const page = await fetch(site.address);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(page.headers.get("cross-origin-embedder-policy")).toBe("require-corp");
    expect((await fetch(`${site.address}a.mjs`)).headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(await (await fetch(`${site.address}open.json`)).json()).toEqual({});
    expect(await (await fetch(`${site.address}open/model/m.onnx`)).text()).toBe("export {};");
    expect((await fetch(`${site.address}b.js`)).status).toBe(404);
    expect((await fetch(site.address, { method: "POST" })).status).toBe(405);
  });

  test("no file beside the folder, and no page of elsewhere, reads anything", async () => {
    await using site = await serveSite({ folder: join(folder, "inner") });
    for (const path of ["/../a.mjs", "/%2e%2e/a.mjs", "/..%2fa.mjs", "/x/%2e%2e%2f%2e%2e%2fa.mjs"])
      expect(await asked(site.address, path), path).not.toBe(200);
    expect(await asked(site.address, "/", "elsewhere.example")).toBe(403);
    expect(await asked(site.address, "/%zz")).toBe(400);
  });

  test("a port that is taken is told", async () => {
    await using site = await serveSite({ folder });
    await expect(serveSite({ folder, port: Number(new URL(site.address).port) })).rejects.toThrow(
      /port \d+: another program does/,
    );
  });
});
