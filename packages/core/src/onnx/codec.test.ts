/** Decoder and encoder against an independent implementation (@bufbuild/protobuf with onnx-buf's definitions). */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createRegistry, type DescMessage, equals, fromBinary, isFieldSet, type Message, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { ModelProtoSchema, SparseTensorProtoSchema } from "onnx-buf";
import { InferenceSession } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { model } from "../../test/support/model-arbitrary.ts";
import { decodeModel } from "./decode.ts";
import { encodeModel, encodeModelBytes } from "./encode.ts";
import { readTensor } from "./tensors.ts";

const root = new URL("../../../../", import.meta.url);
const every = (folder: string) =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".onnx"))
    .sort()
    .map((path) => `${folder}/${path}`);
const models = every("models");
const cases = every("conformance");
const sample = [...cases.filter((_, i) => i % 7 === 0), ...models];
const load = (path: string) => new Uint8Array(readFileSync(new URL(path, root)));

/** The other implementation's message in our shape. */
const plain = (schema: DescMessage, message: Message): unknown => {
  if (schema.name === "SparseTensorProto") return bare(toBinary(SparseTensorProtoSchema, message as never));
  const values: Record<string, unknown> = {};
  for (const field of schema.fields) {
    if (!isFieldSet(message, field)) continue;
    const holder = message as unknown as Record<string, { value: unknown }>;
    const raw = field.oneof ? holder[field.oneof.localName]!.value : holder[field.localName];
    if (raw === "") continue;
    const child = "message" in field ? field.message : undefined;
    const convert = (value: unknown) => (child ? plain(child, value as Message) : bare(small(value)));
    values[NAMES[field.localName] ?? field.localName] =
      field.fieldKind === "list" ? (raw as unknown[]).map(convert) : convert(raw);
  }
  return schema.name === "TensorShapeProto" ? (values.dim ?? []) : values;
};
const NAMES: Readonly<Record<string, string>> = { dimValue: "value", dimParam: "param" };
const small = (value: unknown) => (typeof value === "bigint" && Number.isSafeInteger(Number(value)) ? Number(value) : value);

/** Without what only one side has a notion of (typed arrays, empty lists and names, unknown fields), weights as a hash. */
const bare = (value: unknown): unknown => {
  if (value instanceof Uint8Array)
    return value.length < 100 ? Array.from(value) : createHash("sha256").update(value).digest("hex");
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as number[]);
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(
    ([key, item]) => key !== "unknown" && item !== "" && !(Array.isArray(item) && item.length === 0 && key !== "shape"),
  );
  return Object.fromEntries(kept.map(([key, item]) => [key, bare(item)]));
};

describe("random models", () => {
  test("what we write, the other reads as the same values", () => {
    fc.assert(
      fc.property(model({ extras: true }), (ours) => {
        const theirs = fromBinary(ModelProtoSchema, encodeModelBytes(ours));
        expect(plain(ModelProtoSchema, theirs)).toEqual(bare(ours));
      }),
      { numRuns: 200 },
    );
  });

  test("what the other writes, we read as the same model, unknown fields included", () => {
    fc.assert(
      fc.property(model({ extras: true }), (ours) => {
        const theirs = toBinary(ModelProtoSchema, fromBinary(ModelProtoSchema, encodeModelBytes(ours)));
        expect(decodeModel(theirs)).toEqual(ours);
      }),
      { numRuns: 200 },
    );
  });

  test("encoding is the inverse of decoding", () => {
    fc.assert(
      fc.property(model({ extras: true }), (ours) => {
        const bytes = encodeModelBytes(ours);
        expect(encodeModelBytes(decodeModel(bytes))).toEqual(bytes);
      }),
      { numRuns: 100 },
    );
  });
});

describe("real models", () => {
  test.each(sample)("%s", (path) => {
    const bytes = load(path);
    const ours = decodeModel(bytes, path);
    for (const tensor of ours.graph.initializer) expect(readTensor(tensor).dims).toEqual(tensor.dims);
    const before = fromBinary(ModelProtoSchema, bytes);
    expect(plain(ModelProtoSchema, before)).toEqual(bare(ours));
    for (const opset of before.opsetImport) opset.domain ||= ""; // absent and empty mean the same; we write it
    expect(
      equals(ModelProtoSchema, fromBinary(ModelProtoSchema, encodeModelBytes(ours)), before, {
        registry: createRegistry(ModelProtoSchema),
        unknown: true,
      }),
    ).toBe(true);
  });

  test("ONNX Runtime loads what we write", async () => {
    for (const path of cases.filter((_, i) => i % 60 === 0)) {
      const session = await InferenceSession.create(encodeModelBytes(decodeModel(load(path))));
      expect(session.inputNames.length).toBeGreaterThan(0);
      await session.release();
    }
  });

  test("weights are views on the file, read and written", () => {
    const bytes = load("models/efficientnet-lite0/model.onnx");
    const ours = decodeModel(bytes);
    for (const { rawData } of ours.graph.initializer) expect(rawData!.buffer).toBe(bytes.buffer);
    const own = encodeModel(ours).filter((chunk) => chunk.buffer !== bytes.buffer);
    expect(own.reduce((size, chunk) => size + chunk.length, 0)).toBeLessThan(bytes.length / 100);
  });
});

test("a Node Buffer gives plain arrays, whatever its alignment", () => {
  const bytes = load("models/digits/model.onnx");
  for (let shift = 0; shift < 8; shift++) {
    const buffer = Buffer.concat([Buffer.alloc(shift), bytes]).subarray(shift);
    const { initializer } = decodeModel(buffer).graph;
    expect(initializer.map((tensor) => readTensor(tensor))).toEqual(
      decodeModel(bytes).graph.initializer.map((t) => readTensor(t)),
    );
    expect(initializer[0]!.rawData!.constructor).toBe(Uint8Array);
  }
});

test("a model beyond 2 GB is refused with advice", () => {
  const half = new Uint8Array(2 ** 20);
  const initializer = Array.from({ length: 2 ** 11 }, () => ({ name: "w", dims: [2 ** 20], dataType: 2, rawData: half }));
  const huge = decodeModel(load(cases[0]!));
  expect(() => encodeModel({ ...huge, graph: { ...huge.graph, initializer } })).toThrow(/external data/);
});
