/** The Open Inference Protocol, version 2, over HTTP, with the binary tensor extension. */
import { fail, joinBytes, VERSION } from "@backlit/core";
import type { Tensors } from "@backlit/workbench";
import type { Context, Hono } from "hono";
import { inferIn, type Service, servedIn } from "../service.ts";
import { type InferRequest, inferRequestIn } from "./request.ts";
import { bytesOf, headOf, valuesOf } from "./tensors.ts";

/** Every model is there in one version. */
const MODEL_VERSION = "1";

export const addV2 = (app: Hono, service: Service): void => {
  const metadata = (c: Context) => c.json({ name: "backlit", version: VERSION, extensions: ["binary_tensor_data"] });
  app.get("/v2", metadata);
  app.get("/v2/", metadata);
  app.get("/v2/health/live", (c) => c.json({ live: true }));
  app.get("/v2/health/ready", (c) => c.json({ ready: !service.draining }, service.draining ? 503 : 200));
  for (const path of ["/v2/models/:name", "/v2/models/:name/versions/:version"] as const) {
    app.get(path, (c) => c.json(modelMetadata(service, c)));
    app.get(`${path}/ready`, (c) => {
      named(service, c);
      return c.json({ name: c.req.param("name"), ready: !service.draining }, service.draining ? 503 : 200);
    });
    app.post(`${path}/infer`, (c) => inferred(service, c));
  }
};

/** Errors: NotFound. */
const named = (service: Service, c: Context) => {
  const name = c.req.param("name")!;
  const version = c.req.param("version");
  const served = servedIn(service, name);
  if (version === undefined || version === MODEL_VERSION) return served;
  throw fail("NotFound", { what: `model '${name}' has no version '${version}'`, fix: `there is ${MODEL_VERSION}` });
};

const modelMetadata = (service: Service, c: Context) => {
  const { model, description } = named(service, c);
  const { inputs, outputs, added, sha256, runtime } = description;
  return {
    name: model.name,
    versions: [MODEL_VERSION],
    platform: "onnx_onnxv1",
    inputs,
    outputs: [...outputs, ...added],
    properties: { sha256, runtime },
  };
};

const inferred = async (service: Service, c: Context): Promise<Response> => {
  const served = named(service, c);
  const { outputs, added } = served.description;
  const request = inferRequestIn(new Uint8Array(await c.req.arrayBuffer()), c.req.header("Inference-Header-Content-Length"));
  const all = [...outputs, ...added].map(({ name }) => name);
  const wanted = request.outputs ?? all.map((name) => ({ name, binary: request.binary }));
  const strange = wanted.find(({ name }) => !all.includes(name));
  if (strange !== undefined) throw fail("BadInput", { what: `no output '${strange.name}'`, fix: `there are ${all.join(", ")}` });
  const answer = await inferIn(
    service,
    served,
    { feeds: request.feeds, outputs: wanted.map(({ name }) => name), asked: request.asked },
    c.req.raw.signal,
  );
  return respond(c, { name: served.model.name, request, wanted, tensors: answer });
};

interface Responded {
  readonly name: string;
  readonly request: InferRequest;
  readonly wanted: NonNullable<InferRequest["outputs"]>;
  readonly tensors: Tensors;
}

const respond = (c: Context, { name, request, wanted, tensors }: Responded): Response => {
  const parts: Uint8Array[] = [];
  const outputs = wanted.map((output) => {
    const tensor = tensors[output.name]!;
    const head = headOf(output.name, tensor);
    if (!output.binary) return { ...head, data: valuesOf(tensor) };
    const bytes = bytesOf(tensor);
    parts.push(bytes);
    return { ...head, parameters: { binary_data_size: bytes.length } };
  });
  const document = {
    model_name: name,
    model_version: MODEL_VERSION,
    ...(request.id !== undefined && { id: request.id }),
    outputs,
  };
  if (parts.length === 0) return c.json(document);
  const header = new TextEncoder().encode(JSON.stringify(document));
  return c.body(joinBytes([header, ...parts]), 200, {
    "Content-Type": "application/octet-stream",
    "Inference-Header-Content-Length": String(header.length),
  });
};
