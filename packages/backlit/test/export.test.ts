/** What `export` writes is what the engines read: Triton's configuration by its schema, MLflow's and KServe's as YAML; the artefact opens. */
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { load } from "../src/load.ts";
import { at, backlit } from "./cli.ts";
import schema from "./data/triton/model-config.json";
import { pythonWith } from "./python.ts";

const run = promisify(execFile);
const python = await pythonWith("mlflow.pyfunc", "onnxruntime");

type Message = { readonly [field: string]: readonly (Message | string | number)[] };
const messages: Readonly<
  Record<string, Readonly<Record<string, { readonly kind: string | number; readonly repeated: boolean }>>>
> = schema.messages;
const enums: Readonly<Record<string, readonly string[]>> = schema.enums;

/** Protobuf's text, as far as configurations use it. */
const parsedText = (text: string): Message => {
  const tokens = text.replace(/#.*$/gm, "").match(/"(?:[^"\\]|\\.)*"|[\w.+-]+|[{}[\],:]/g) ?? [];
  let place = 0;
  const value = (): Message | string | number => {
    const token = tokens[place++]!;
    if (token === "{") return message("}");
    return token.startsWith('"') ? (JSON.parse(token) as string) : /^-?\d/.test(token) ? Number(token) : token;
  };
  const message = (end: string | undefined): Message => {
    const fields: Record<string, (Message | string | number)[]> = {};
    while (tokens[place] !== end) {
      const name = tokens[place++]!;
      if (tokens[place] === ":") place++;
      fields[name] ??= [];
      if (tokens[place] !== "[") fields[name].push(value());
      else
        for (place++; tokens[place++] !== "]"; ) {
          if (tokens[--place] === ",") place++;
          fields[name].push(value());
        }
    }
    place++;
    return fields;
  };
  return message(undefined);
};

/** Every field is one of the message, and of its kind. */
const check = (value: Message, of: string): void => {
  for (const [name, values] of Object.entries(value)) {
    const field = messages[of]?.[name];
    expect(field, `${of}.${name}`).toBeDefined();
    if (!field!.repeated) expect(values.length, `${of}.${name}`).toBe(1);
    for (const one of values) {
      if (typeof one === "object") check(one, String(field!.kind));
      else if (typeof field!.kind === "string") expect(enums[field!.kind.split(".").at(-1)!]).toContain(one);
    }
  }
};

const text = (path: string) => readFileSync(at(path), "utf8");

describe("export", () => {
  test("triton: a repository whose configuration is Triton's, and says what the artefact has", async () => {
    const ran = await backlit("export", "triton", "digits", at("triton"), "--target", "3");
    expect(ran).toMatchObject({ code: 0 });
    const config = parsedText(text("triton/digits/config.pbtxt"));
    check(config, "inference.ModelConfig");
    expect(config).toMatchObject({ name: ["digits"], backend: ["onnxruntime"], max_batch_size: [8], dynamic_batching: [{}] });
    const ports = [...config.input!, ...config.output!] as readonly Message[];
    expect(ports.map(({ name, dims }) => [name![0], dims])).toEqual([
      ["input", [1, 28, 28]],
      ["logits", [10]],
      ["relevance", [1, 28, 28]],
      ["explained_target", [1]],
    ]);
    await using lit = await load(at("triton/digits/1/model.onnx")).catch((error) => {
      // An artefact is no model to explain again, which is how it is known to be one.
      expect(error.message).toMatch(/artefact/);
      return { [Symbol.asyncDispose]: async () => {} };
    });
    expect(lit).toBeDefined();
    const request = JSON.parse(text("triton/request.json"));
    expect(request.inputs).toMatchObject([{ name: "input", shape: [1, 1, 28, 28], datatype: "FP32" }]);
    expect(request.inputs[0].data.length).toBe(784);
    expect(text("triton/README.md")).toContain("| `relevance` | FP32 | N×1×28×28 |");
  });

  test("kserve: a service that names its repository", async () => {
    expect(await backlit("export", "kserve", "digits", at("kserve"), "--name", "My_Digits.v2")).toMatchObject({ code: 0 });
    const service = parse(text("kserve/inferenceservice.yaml"));
    expect(service).toMatchObject({
      apiVersion: "serving.kserve.io/v1beta1",
      kind: "InferenceService",
      metadata: { name: "my-digits-v2" },
      spec: { predictor: { model: { modelFormat: { name: "triton" }, protocolVersion: "v2" } } },
    });
    check(parsedText(text("kserve/models/My_Digits.v2/config.pbtxt")), "inference.ModelConfig");
    expect(existsSync(at("kserve/models/My_Digits.v2/1/model.onnx"))).toBe(true);
  });

  test("mlflow: a pyfunc whose signature is the artefact's", async () => {
    expect(await backlit("export", "mlflow", "digits", at("mlflow"))).toMatchObject({ code: 0 });
    const model = parse(text("mlflow/MLmodel"));
    const { loader_module, code, data } = model.flavors.python_function;
    expect(existsSync(at(`mlflow/${code}/${loader_module}.py`))).toBe(true);
    expect(existsSync(at(`mlflow/${data}/model.onnx`))).toBe(true);
    expect(JSON.parse(model.signature.outputs).map(({ name }: { name: string }) => name)).toEqual([
      "logits",
      "relevance",
      "explained_target",
    ]);
    expect(JSON.parse(text("mlflow/request.json")).inputs.input[0][0].length).toBe(28);
  });

  test.runIf(python)("mlflow: its own loader runs the README's lines", async () => {
    expect(await backlit("export", "mlflow", "digits", at("pyfunc"))).toMatchObject({ code: 0 });
    const [, code] = /```python\n([\s\S]*?)```/.exec(text("pyfunc/README.md"))!;
    const { stdout } = await run(python!, ["-W", "ignore", "-c", code!], { cwd: at("pyfunc") });
    expect(stdout).toContain("{'logits': (1, 10), 'relevance': (1, 1, 28, 28), 'explained_target': (1,)}");
  });

  test("an engine that is none, and a name that cannot stand there, are said", async () => {
    expect((await backlit("export", "sagemaker", "digits", at("none"))).err).toMatch(
      /engine 'sagemaker'.*triton, kserve, mlflow/,
    );
    expect((await backlit("export", "triton", "digits", at("none"), "--name", "a/b")).err).toMatch(/a model called 'a\/b'/);
  });
});
