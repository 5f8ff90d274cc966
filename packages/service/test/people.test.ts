/** The door for people: files in, every form out, wrong ones refused. */
import { encodePng, readNpy } from "@backlit/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { load } from "../../backlit/src/load.ts";
import type { OpenService } from "../src/index.ts";
import { ask as at, digitsOf, npy, openDigits, post, repository } from "./support.ts";

let opened: OpenService;
beforeAll(async () => {
  opened = await openDigits({ body_bytes: 200_000, pixels: 1_000_000 });
});
afterAll(() => opened.drain());

const ask = (query: string, body: unknown, headers: Record<string, string> = {}) =>
  at(opened, `/explain/digits${query}`, post(body, headers));
const digit = npy(digitsOf(1));

describe("explains", () => {
  test("as the document of `explain --json`, without the place of the model", async () => {
    const answer = await ask("?target=3", digit);
    expect(answer.status).toBe(200);
    const document = await answer.json();
    expect(document).toMatchObject({ model: { name: "digits", path: "digits" }, inputs: [{ target: 3 }] });
    expect(document.inputs[0].top).toHaveLength(5);
    expect(JSON.stringify(document)).not.toContain(repository(""));
  });

  test("as the same map the library gives", async () => {
    const answer = await ask("?target=3&method=gradient", digit, { Accept: "application/x-npy" });
    const map = readNpy(new Uint8Array(await answer.arrayBuffer()));
    await using lit = await load(repository("models/digits"));
    const { relevance } = await lit.explain(digitsOf(1), { target: 3, method: "gradient" });
    expect(map.dims).toEqual([1, 1, 28, 28]);
    expect(map.data).toEqual(relevance.data);
  });

  test.each([
    ["image/png", /^\x89PNG/],
    ["text/html", /^<!doctype html>/i],
    ["image/webp, image/*;q=.5, text/html;q=.1", /^\x89PNG/],
  ])("as %s", async (accept, begins) => {
    const answer = await ask("", digit, { Accept: accept });
    expect(answer.status).toBe(200);
    expect(new TextDecoder("latin1").decode(await answer.arrayBuffer())).toMatch(begins);
  });

  test("a picture by its content, with parameters", async () => {
    const page = await ask("?form=png", digit);
    const picture = new Uint8Array(await page.arrayBuffer());
    const answer = await ask("?method=lrp&composite=gamma&set=gamma=0.5", picture);
    const document = await answer.json();
    expect(answer.status, document.error).toBe(200);
    expect(document.recipe).toMatchObject({ method: "lrp" });
  });
});

describe("refuses", () => {
  test.each([
    ["?target=77", digit, 400, /77/],
    ["?target=nine-and-a-half", digit, 400, /nine-and-a-half/],
    ["?method=guess", digit, 400, /guess/],
    ["?composite=guess", digit, 400, /guess/],
    ["?recipe={", digit, 400, /recipe/],
    ["?tarjet=1", digit, 400, /tarjet/],
    ["?method=lrp&method=gradient", digit, 400, /once/],
    ["?random=-1", digit, 400, /random/],
    ["?form=bmp", digit, 400, /bmp/],
    ["", new Uint8Array(0), 400, /empty/],
    ["", "no picture", 400, /./],
    ["", "/etc/passwd", 400, /./],
    ["", new Uint8Array([1, 2, 3]), 400, /./],
    ["", npy({ type: "float32", dims: [1, 3], data: new Float32Array(3) }), 400, /./],
    ["", npy({ type: "float32", dims: [0, 1, 28, 28], data: new Float32Array(0) }), 400, /empty/],
    ["", new Uint8Array(200_001), 413, /200000/],
  ])("%s (%#)", async (query, body, status, error) => {
    const answer = await ask(query, body);
    expect(answer.status).toBe(status);
    expect(Object.keys(await answer.clone().json())).toEqual(["error"]);
    expect((await answer.json()).error).toMatch(error);
  });

  test("a form that is not made, a form that is none, a model that is not there, an address that is none", async () => {
    expect((await ask("", digit, { Accept: "image/bmp" })).status).toBe(406);
    const broken = await ask("", digit, { "Content-Type": "multipart/form-data; boundary=x" });
    expect([broken.status, (await broken.json()).error]).toEqual([400, expect.stringMatching(/no form.*-F input=@FILE/)]);
    expect((await at(opened, "/explain/cats", post(digit))).status).toBe(404);
    expect((await at(opened, "/explain/digits")).status).toBe(405);
    expect(await (await at(opened, "/nowhere")).json()).toEqual({ error: "there is nothing at GET /nowhere" });
  });

  test("a picture of too many pixels", async () => {
    const picture = encodePng({ width: 1001, height: 1000, data: new Uint8Array(4 * 1_001_000) });
    const answer = await ask("", picture);
    expect([answer.status, (await answer.json()).error]).toEqual([
      400,
      expect.stringMatching(/1001x1000 pixels are more than 1000000/),
    ]);
  });
});
