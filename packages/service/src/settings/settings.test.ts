import { describe, expect, test } from "vitest";
import { DEFAULTS, namedModels, readSettings } from "./index.ts";

const file = (value: unknown) => ({ name: "serve.json", text: typeof value === "string" ? value : JSON.stringify(value) });

describe("settings", () => {
  test("the command wins over the environment, that over the file, that over the defaults", () => {
    const text = { port: 1, queue: 2, workers: 3, preferred_batch_size: [4, 8], models: { a: "a.onnx" } };
    const { settings, models } = readSettings({
      file: file(text),
      env: { BACKLIT_QUEUE: "20", BACKLIT_WORKERS: "30", BACKLIT_BODY_BYTES: "2e6" },
      given: { workers: "300" },
    });
    expect(settings).toEqual({ ...DEFAULTS, port: 1, queue: 20, workers: 300, body_bytes: 2e6, preferred_batch_size: [4, 8] });
    expect([...models]).toEqual([["a", "a.onnx"]]);
    expect(readSettings({}).settings).toEqual(DEFAULTS);
  });

  test.each([
    [file("{"), /no JSON/],
    [file([]), /no JSON object/],
    [file({ prot: 1 }), /prot/],
    [file({ port: 65536 }), /65535/],
    [file({ queue: 1.5 }), /whole/],
    [file({ workers: 0 }), /from 1/],
    [file({ host: 3 }), /text/],
    [file({ models: ["a"] }), /NAME/],
    [file({ models: { "a b": "a.onnx" } }), /a b/],
  ])("%j is refused", (given, error) => {
    expect(() => readSettings({ file: given })).toThrow(error);
  });

  test("of the environment and the command, too", () => {
    expect(() => readSettings({ env: { BACKLIT_SECONDS: "soon" } })).toThrow(/BACKLIT_SECONDS/);
    expect(() => readSettings({ given: { max_batch_size: "x" } })).toThrow(/--max-batch-size/);
    expect(() =>
      namedModels([
        ["a", "x"],
        ["a", "y"],
      ]),
    ).toThrow(/two models/);
  });
});
