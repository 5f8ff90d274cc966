/** KServe's V1: instances in, predictions out, explanations beside them. */
import { fail, type Tensor } from "@backlit/core";
import type { Context, Hono } from "hono";
import { DATATYPES } from "../work/datatypes.ts";
import type { Asked, Description, ExplainedNumbers } from "../work/messages.ts";
import { askedIn } from "./asked.ts";
import { explainIn, inferIn, type Served, type Service, servedIn } from "./service.ts";
import { tensorInJson, valuesOf } from "./v2/tensors.ts";

const bad = (what: string, fix?: string) => fail("BadInput", { what, fix });
type Json = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

export const addV1 = (app: Hono, service: Service): void => {
  app.get("/v1/models", (c) => c.json({ models: [...service.models.keys()] }));
  app.get("/v1/models/:name{[\\w.-]+}", (c) =>
    c.json({ name: servedIn(service, c.req.param("name")).model.name, ready: !service.draining }),
  );
  app.post("/v1/models/:call{[\\w.-]+:(?:predict|explain)}", async (c) => {
    const [, name, verb] = /^(.*):(predict|explain)$/.exec(c.req.param("call")) ?? [];
    if (name === undefined) return c.json({ error: "post to NAME:predict or NAME:explain" }, 404);
    return c.json(await answered(service, servedIn(service, name), verb as Verb, c));
  });
};

type Verb = "predict" | "explain";

const answered = async (service: Service, served: Served, verb: Verb, c: Context) => {
  const body: unknown = await c.req.json().catch(() => {
    throw bad("the body is no JSON");
  });
  const instances = isRecord(body) ? body.instances : undefined;
  if (!Array.isArray(instances) || instances.length === 0) throw bad("no instances", 'write {"instances": [ … ]}');
  const asked = askedIn((body as Json).parameters);
  const { signal } = c.req.raw;
  const files = instances.map(fileIn);
  if (files.every((file) => file !== undefined))
    return fromFiles(service, served, { files, asked: { ...asked, ...secondTextsIn(instances) }, verb, signal });
  return fromNumbers(service, served, { instances, asked, verb, signal });
};

/** Errors: BadInput where only some instances have a second text. */
const secondTextsIn = (instances: readonly unknown[]): Pick<Asked, "textPair"> => {
  const both = instances.filter(isTexts);
  if (both.length === 0) return {};
  if (both.length === instances.length) return { textPair: both.map(({ text_pair: second }) => second) };
  throw bad(
    `${both.length} of ${instances.length} instances have a text_pair`,
    "give one to each, or one for all among the parameters",
  );
};

/** Both and nothing else: an object with a row of each input is numbers. */
const isTexts = (instance: unknown): instance is { readonly text: string; readonly text_pair: string } =>
  isRecord(instance) &&
  Object.keys(instance).sort().join() === "text,text_pair" &&
  Object.values(instance).every((value) => typeof value === "string");

/** A text, two as `{"text": "…", "text_pair": "…"}`, or a file as `{"b64": "…"}`: what people send, in numbers too. */
const fileIn = (instance: unknown): Uint8Array | undefined => {
  if (typeof instance === "string") return new TextEncoder().encode(instance);
  if (isTexts(instance)) return new TextEncoder().encode(instance.text);
  const b64 = isRecord(instance) && Object.keys(instance).length === 1 ? instance.b64 : undefined;
  if (typeof b64 !== "string") return undefined;
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(b64)) throw bad("an instance that is no Base64");
  return new Uint8Array(Buffer.from(b64, "base64"));
};

interface Given {
  readonly asked: Asked;
  readonly verb: Verb;
  readonly signal: AbortSignal;
}

const fromFiles = async (
  service: Service,
  { model }: Served,
  { files, asked, verb, signal }: Given & { readonly files: readonly (Uint8Array | undefined)[] },
) => {
  // What reads files explains; its cheapest map is left out of a prediction's answer.
  const how: Asked = verb === "explain" ? asked : { method: "gradient", ...(asked.textPair && { textPair: asked.textPair }) };
  const task = { model, inputs: files as Uint8Array[], asked: how, form: "rows" } as const;
  const { value } = await explainIn(service, task, { signal, explains: verb === "explain" });
  const rows = value as readonly ExplainedNumbers[];
  return {
    predictions: rows.map(({ output }) => nested(output)),
    ...(verb === "explain" && {
      explanations: rows.map(({ target, label, relevance }) => ({
        target,
        ...(label !== undefined && { label }),
        relevance: nested(relevance),
      })),
    }),
  };
};

const fromNumbers = async (
  service: Service,
  served: Served,
  { instances, asked, verb, signal }: Given & { readonly instances: readonly unknown[] },
) => {
  const { description } = served;
  const { outputs, added, labels } = description;
  const own = outputs.map(({ name }) => name);
  const extra = verb === "explain" ? added.map(({ name }) => name) : [];
  const task = { feeds: feedsIn(instances, description), outputs: [...own, ...extra], asked };
  const tensors = await inferIn(service, served, task, signal);
  const row = (name: string, i: number) => rowOf(tensors[name]!, i, instances.length);
  const maps = extra.slice(0, -1);
  return {
    predictions: instances.map((_, i) => oneOrAll(own, (name) => row(name, i))),
    ...(verb === "explain" && {
      explanations: instances.map((_, i) => {
        const [first, ...others] = [row(extra.at(-1)!, i)].flat(8) as number[];
        const target = others.length > 0 ? [first, ...others] : first!;
        const label = typeof target === "number" ? labels?.[target] : undefined;
        return { target, ...(label !== undefined && { label }), relevance: oneOrAll(maps, (name) => row(name, i)) };
      }),
    }),
  };
};

const oneOrAll = (names: readonly string[], of: (name: string) => unknown): unknown =>
  names.length === 1 ? of(names[0]!) : Object.fromEntries(names.map((name) => [name, of(name)]));

/** Instances are rows of the one input, or objects with a row of each. */
const feedsIn = (instances: readonly unknown[], { inputs }: Description): Record<string, Tensor> =>
  Object.fromEntries(
    inputs.map(({ name, datatype }) => {
      const rows = instances.map((instance) => {
        if (isRecord(instance) && instance[name] !== undefined) return instance[name];
        if (isRecord(instance) || inputs.length > 1)
          throw bad(`an instance without input '${name}'`, `give an object with ${inputs.map((one) => one.name).join(", ")}`);
        return instance;
      });
      const dims = [rows.length, ...shapeOf(rows[0])];
      const size = dims.reduce((product, n) => product * n, 1);
      if (rows.some((row) => String(shapeOf(row)) !== String(dims.slice(1)))) throw bad("instances of different shapes");
      return [name, tensorInJson({ name, type: DATATYPES[datatype] ?? "float32", dims, size }, rows)];
    }),
  );

const shapeOf = (value: unknown): readonly number[] => (Array.isArray(value) ? [value.length, ...shapeOf(value[0])] : []);

type Nested = number | string | boolean | readonly Nested[];

/** Lists in lists, as the shape says. */
const nested = (tensor: Tensor): Nested => {
  const values = valuesOf(tensor);
  const cut = (dims: readonly number[], from: number): Nested => {
    const [count, ...rest] = dims;
    if (count === undefined) return values[from]!;
    const width = rest.reduce((product, n) => product * n, 1);
    return Array.from({ length: count }, (_, i) => cut(rest, from + i * width));
  };
  return cut(tensor.dims, 0);
};

/** Row `i` of a list of rows; all of what is no such list. */
const rowOf = (tensor: Tensor, i: number, rows: number): Nested => {
  const all = nested(tensor);
  return tensor.dims[0] === rows && Array.isArray(all) ? all[i]! : all;
};
