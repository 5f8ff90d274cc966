/** Messages to bytes, driven by the table in schema.ts; fields in the order of their table, unknown ones last. */

import { fail } from "../errors.ts";
import { joinBytes } from "../tensor/bytes.ts";
import type { ModelProto } from "./proto.ts";
import { Wire } from "./reader.ts";
import { type Field, isMany, model, type Schema } from "./schema.ts";
import { Writer } from "./writer.ts";

/** No protobuf reader takes more. */
const LIMIT = 2 ** 31 - 1;

/**
 * Encodes a model as chunks in file order; weights are referenced, not copied, so the chunks live as long as they do.
 * @throws BadModel when the file would exceed protobuf's 2 GB
 */
export const encodeModel = (message: ModelProto): Uint8Array[] => {
  const chunks = encodeMessage(model, message);
  const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (size > LIMIT) {
    throw fail("BadModel", {
      what: "the model is too large for one file",
      why: `${(size / 2 ** 30).toFixed(1)} GiB exceed protobuf's limit of 2 GiB`,
      fix: "store the weights as external data",
    });
  }
  return chunks;
};

/** Encodes a model into one array of exactly its size. */
export const encodeModelBytes = (message: ModelProto): Uint8Array<ArrayBuffer> => joinBytes(encodeModel(message));

/** Encodes one message of any kind. */
export const encodeMessage = <M>(schema: Schema<M>, message: M): Uint8Array[] => {
  const writer = new Writer();
  write(schema, message as Record<string, unknown>, writer);
  return writer.finish();
};

/** Everything backwards: the writer fills from the end. */
const write = (schema: Schema, message: Record<string, unknown>, writer: Writer): void => {
  for (const raw of reversed((message.unknown ?? []) as Uint8Array[])) writer.bytes(raw);
  for (const [key, field] of reversed(schema.fields)) writeField(field, message[key], writer);
};

const writeField = (field: Field, value: unknown, writer: Writer): void => {
  if (value === undefined) return;
  if (field.label === "packed") writePacked(field, value as ArrayLike<unknown>, writer);
  else if (isMany(field)) for (const item of reversed(value as ArrayLike<unknown>)) writeOne(field, item, writer);
  else if (field.label !== "implied" || value !== field.scalar!.zero) writeOne(field, value, writer);
};

const writeOne = (field: Field, value: unknown, writer: Writer): void => {
  if (field.message) {
    const before = writer.size;
    write(field.message(), field.inner ? { [field.inner]: value } : (value as Record<string, unknown>), writer);
    writer.varint(writer.size - before);
  } else {
    field.scalar!.write(writer, value);
  }
  writer.varint((field.number << 3) | (field.scalar?.wire ?? Wire.BYTES));
};

const writePacked = (field: Field, values: ArrayLike<unknown>, writer: Writer): void => {
  if (values.length === 0) return;
  const before = writer.size;
  if (values instanceof Float32Array || values instanceof Float64Array) {
    writer.bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)); // little-endian, as every host of JavaScript
  } else {
    for (let i = values.length - 1; i >= 0; i--) field.scalar!.write(writer, values[i]);
  }
  writer.varint(writer.size - before);
  writer.varint((field.number << 3) | Wire.BYTES);
};

function* reversed<T>(items: ArrayLike<T>): Generator<T> {
  for (let i = items.length - 1; i >= 0; i--) yield items[i]!;
}
