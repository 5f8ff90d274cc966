/** The service described for programs: OpenAPI 3.1. */
import { COLORMAPS, STYLES, VERSION } from "@backlit/core";

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: object) => ({ "application/json": { schema } });
const text = { type: "string" } as const;
const integers = { type: "array", items: { type: "integer" } } as const;
const object = (properties: Readonly<Record<string, object>>, required = Object.keys(properties)) => ({
  type: "object",
  properties,
  required,
});

const failing = (...statuses: readonly number[]) =>
  Object.fromEntries(
    statuses.map((status) => [
      String(status),
      {
        description: REASONS[status]!,
        content: json(ref("error")),
        ...(status === 429 || status === 503
          ? { headers: { "Retry-After": { schema: { type: "integer" }, description: "seconds" } } }
          : {}),
      },
    ]),
  );

const REASONS: Readonly<Record<number, string>> = {
  400: "the request is wrong",
  401: "no token, or a wrong one",
  404: "no such model",
  406: "no such form",
  413: "the body is too large",
  415: "no such body",
  422: "the ledger does not add up",
  429: "more requests than the token allows",
  500: "the work failed",
  503: "too many wait, or the server is shutting down",
  504: "it took too long",
};
const GUARDED = [401, 429] as const;
const WORKING = [400, ...GUARDED, 404, 413, 500, 503, 504] as const;

const path = (name: string, models?: readonly string[]) => ({
  name,
  in: "path",
  required: true,
  schema: { ...text, ...(models && { enum: models }) },
});
const query = (name: string, description: string, schema: object = text) => ({ name, in: "query", description, schema });

const ok = (content: object, description = "OK") => ({ 200: { description, content } });

export const openapi = (models: readonly string[]) => {
  const model = path("name", models);
  const get = (operationId: string, schema: object, ...statuses: readonly number[]) => ({
    operationId,
    responses: { ...ok(json(schema)), ...failing(...statuses) },
  });
  const infer = (operationId: string) => ({
    post: {
      operationId,
      requestBody: { required: true, content: { ...json(ref("inference_request")), "application/octet-stream": {} } },
      responses: { ...ok({ ...json(ref("inference_response")), "application/octet-stream": {} }), ...failing(...WORKING) },
    },
  });
  const versioned = [model, path("version", ["1"])];
  return {
    openapi: "3.1.0",
    info: {
      title: "backlit",
      version: VERSION,
      description: "Predictions and why: Open Inference Protocol V2, KServe V1, and a door for people.",
    },
    paths: {
      "/v2": {
        get: get("server", object({ name: text, version: text, extensions: { type: "array", items: text } }), ...GUARDED),
      },
      "/v2/health/live": { get: get("live", object({ live: { type: "boolean" } })) },
      "/v2/health/ready": { get: get("ready", object({ ready: { type: "boolean" } }), 503) },
      "/v2/models/{name}": { parameters: [model], get: get("model", ref("model"), ...GUARDED, 404) },
      "/v2/models/{name}/ready": {
        parameters: [model],
        get: get("modelReady", object({ ready: { type: "boolean" } }), ...GUARDED, 404, 503),
      },
      "/v2/models/{name}/infer": { parameters: [model], ...infer("infer") },
      "/v2/models/{name}/versions/{version}": { parameters: versioned, get: get("version", ref("model"), ...GUARDED, 404) },
      "/v2/models/{name}/versions/{version}/ready": {
        parameters: versioned,
        get: get("versionReady", object({ ready: { type: "boolean" } }), ...GUARDED, 404, 503),
      },
      "/v2/models/{name}/versions/{version}/infer": { parameters: versioned, ...infer("inferVersion") },
      "/v1/models": { get: get("models", object({ models: { type: "array", items: text } }), ...GUARDED) },
      "/v1/models/{name}": {
        parameters: [model],
        get: get("v1Model", object({ name: text, ready: { type: "boolean" } }), ...GUARDED, 404),
      },
      ...Object.fromEntries(
        ["predict", "explain"].map((verb) => [
          `/v1/models/{name}:${verb}`,
          {
            parameters: [model],
            post: {
              operationId: verb,
              requestBody: { required: true, content: json(ref("instances")) },
              responses: {
                ...ok(
                  json(
                    object(
                      { predictions: { type: "array" }, explanations: { type: "array" } },
                      verb === "explain" ? undefined : ["predictions"],
                    ),
                  ),
                ),
                ...failing(...WORKING, 422),
              },
            },
          },
        ]),
      ),
      "/explain/{name}": {
        parameters: [model],
        post: {
          operationId: "explainFile",
          parameters: [
            query("target", "a class by number or name, top, top:K", { type: "array", items: text }),
            query("method", "an attribution method; default: by the model"),
            query("composite", "which layer gets which rule, by name"),
            query("recipe", "a recipe as JSON"),
            query("set", "key=value: a parameter of the method or composite", { type: "array", items: text }),
            query("output", "the output that is explained"),
            query("seed", "where relevance starts"),
            query("random", "seed of the random numbers", { type: "integer", minimum: 0 }),
            query("references", "reference inputs: a file sent beside the input, by its name"),
            query("groups", "an .npy sent beside the input: values with one number are taken away together"),
            query("labels", "names of the classes: a file sent beside the input, a list as JSON or a name a line"),
            query("per_step", "a span of tokens one by one, a map each: true, or how many at most"),
            query("least_score", "the least score of boxes", { type: "number", minimum: 0, maximum: 1 }),
            query("overlap", "the largest overlap of two boxes of a class", { type: "number", minimum: 0, maximum: 1 }),
            query("grid", "cells of pictures that a pair compares: rows,columns, at most 32,32"),
            query("condition", "VALUE:3,7: of which channels of a value inside relevance is kept", {
              type: "array",
              items: text,
            }),
            query("text_pair", "the second text of a model that reads two"),
            query("only", "what goes past those values is dropped", { type: "boolean" }),
            query("style", "how pictures are drawn", { enum: [...STYLES] }),
            query("colormap", "their colours", { enum: [...COLORMAPS] }),
            query("alpha", "how opaque relevance lies over the picture", { type: "number", minimum: 0, maximum: 1 }),
            query("clip", "the percentile where the colours end", { type: "number", exclusiveMinimum: 0, maximum: 100 }),
            query("smooth", "blur by a Gaussian of that σ, in pixels", { type: "number", minimum: 0, maximum: 1000 }),
            query("on", "what the model saw, or the whole picture", { enum: ["crop", "original"] }),
            query("dots", "dots of the first layer's stride", { enum: ["divide", "keep"] }),
            query("form", "in place of Accept", { enum: ["json", "png", "svg", "pdf", "npy", "html"] }),
          ],
          requestBody: {
            required: true,
            content: { "application/octet-stream": {}, "image/*": {}, "text/*": {}, "multipart/form-data": { schema: FORM } },
          },
          responses: {
            ...ok({
              ...json({ type: "object" }),
              ...{ "image/png": {}, "image/svg+xml": {}, "application/pdf": {}, "application/x-npy": {}, "text/html": {} },
            }),
            ...failing(...WORKING, 406, 415, 422),
          },
        },
      },
      "/openapi": { get: { operationId: "page", responses: { ...ok({ "text/html": {} }), ...failing(...GUARDED) } } },
      "/metrics": { get: { operationId: "metrics", responses: { ...ok({ "text/plain": {} }), ...failing(...GUARDED) } } },
    },
    components: { schemas: SCHEMAS, securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
  };
};

const FORM = {
  ...object({ input: { ...text, contentMediaType: "application/octet-stream" } }),
  description: "the input, files that targets and references name by their own names, and what may stand in the query",
};

const tensor = { name: text, shape: integers, datatype: text };
const parameters = { type: "object" };

const SCHEMAS = {
  error: object({ error: text }),
  tensor_info: object(tensor),
  model: object({
    name: text,
    versions: { type: "array", items: text },
    platform: text,
    inputs: { type: "array", items: ref("tensor_info") },
    outputs: { type: "array", items: ref("tensor_info") },
    properties: { type: "object", additionalProperties: text },
  }),
  tensor: object({ ...tensor, parameters, data: { type: "array" } }, Object.keys(tensor)),
  inference_request: object(
    {
      id: text,
      parameters,
      inputs: { type: "array", minItems: 1, items: ref("tensor") },
      outputs: { type: "array", items: object({ name: text, parameters }, ["name"]) },
    },
    ["inputs"],
  ),
  inference_response: object(
    { model_name: text, model_version: text, id: text, outputs: { type: "array", items: ref("tensor") } },
    ["model_name", "outputs"],
  ),
  instances: object({ instances: { type: "array", minItems: 1 }, parameters }, ["instances"]),
} as const;
