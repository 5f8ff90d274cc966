/**
 * Bytes to messages, driven by the table in schema.ts. Byte fields and aligned packed numbers are views on the file: nothing of
 * the weights is copied. Any bytes give a message or a tagged error, in time and memory linear in their number.
 */

import { type BacklitError, fail, isBacklitError } from "../errors.ts";
import { joinBytes } from "../tensor/bytes.ts";
import type { ModelProto } from "./proto.ts";
import { Reader, Wire } from "./reader.ts";
import { type Field, isMany, model, type Schema } from "./schema.ts";
import { looksLike } from "./sniff.ts";
import { Writer } from "./writer.ts";

type Mutable = Record<string, unknown>;

/**
 * Decodes a model file (IR version 3 or later).
 * @param file its name, for messages
 * @throws BadFile when the bytes are no ONNX protobuf, BadModel when it holds no graph or an older IR version
 */
export const decodeModel = (bytes: Uint8Array, file?: string): ModelProto => {
  try {
    return checked(decodeMessage(model, bytes));
  } catch (error) {
    throw isBacklitError(error) ? explained(error, bytes, file) : error;
  }
};

/** Decodes one message of any kind, e.g. a lone TensorProto (`.pb`). */
export const decodeMessage = <M>(schema: Schema<M>, bytes: Uint8Array): M => {
  const message = empty(schema);
  decodeInto(schema, message, new Reader(bytes));
  return message as M;
};

/** Reads fields up to the end of the reader's current message; a second occurrence of a message is merged into the first. */
const decodeInto = (schema: Schema, message: Mutable, reader: Reader): void => {
  while (!reader.done) {
    const start = reader.offset;
    const { number, wire } = reader.tag();
    const [key, field] = schema.byNumber.get(number) ?? [];
    if (key !== undefined && field && accepts(field, wire)) {
      readField(field, key, message, wire, reader);
    } else {
      reader.skip(wire);
      keep(message, reader.since(start));
    }
  }
  schema.complete?.(message);
};

const readField = (field: Field, key: string, message: Mutable, wire: number, reader: Reader): void => {
  if (field.replaces) delete message[field.replaces];
  if (field.message && isMany(field)) list(message, key).push(readMessage(field.message(), reader));
  else if (field.inner) readWrapped(field, key, message, reader);
  else if (field.message) message[key] = readMessage(field.message(), reader, message[key] as Mutable | undefined);
  else if (!isMany(field)) message[key] = field.scalar!.read(reader);
  else if (wire === field.scalar!.wire) list(message, key).push(field.scalar!.read(reader));
  else readPacked(field, key, message, reader);
};

const readMessage = (schema: Schema, reader: Reader, message: Mutable = empty(schema)): Mutable => {
  reader.nested(() => decodeInto(schema, message, reader));
  return message;
};

const readPacked = (field: Field, key: string, message: Mutable, reader: Reader): void => {
  const { packed, read } = field.scalar!;
  reader.nested((length) => {
    if (field.label === "packed" && packed && message[key] === undefined) {
      message[key] = packed(reader, length);
    } else {
      const values = list(message, key);
      while (!reader.done) values.push(read(reader));
    }
  });
};

/** A wrapper's own unknown fields go to the parent, wrapped again: protobuf merges both occurrences. */
const readWrapped = (field: Field, key: string, message: Mutable, reader: Reader): void => {
  const inner = field.inner!;
  const wrapper = readMessage(field.message!(), reader, { [inner]: list(message, key) });
  message[key] = wrapper[inner];
  for (const raw of (wrapper.unknown ?? []) as Uint8Array[]) {
    const writer = new Writer();
    writer.bytes(raw);
    writer.varint(raw.length);
    writer.varint((field.number << 3) | Wire.BYTES);
    keep(message, joinBytes(writer.finish()));
  }
};

/** Numbers in a row may be packed or not, whatever the table says; a field of another wire type is not the one we know. */
const accepts = (field: Field, wire: number): boolean =>
  wire === (field.scalar?.wire ?? Wire.BYTES) || (wire === Wire.BYTES && isMany(field));

const empty = (schema: Schema): Mutable => {
  const message: Mutable = {};
  for (const [key, { label, scalar }] of schema.fields) {
    if (label === "repeated") message[key] = [];
    if (label === "always" || label === "implied") message[key] = scalar!.zero;
  }
  return message;
};

const list = (message: Mutable, key: string): unknown[] => {
  const values = message[key];
  if (Array.isArray(values)) return values;
  const grown = Array.from((values ?? []) as ArrayLike<unknown>);
  message[key] = grown;
  return grown;
};

const keep = (message: Mutable, raw: Uint8Array): void => {
  list(message, "unknown").push(raw);
};

const checked = (message: ModelProto): ModelProto => {
  if (!message.graph) throw fail("BadModel", { what: "no model in this file", why: "the graph is missing" });
  if (message.irVersion < 3) {
    const why = message.irVersion === 0 ? "the IR version is missing" : `IR version ${message.irVersion} is older than 3`;
    throw fail("BadModel", { what: "cannot read this ONNX file", why, fix: "export the model again with a current exporter" });
  }
  return message;
};

/** Says which other kind of file it is, if that can be seen, and names the file. */
const explained = (error: BacklitError, bytes: Uint8Array, file?: string): BacklitError => {
  const other = looksLike(bytes);
  if (other) {
    const why = `it looks like ${other.kind}`;
    return fail("BadFile", { what: "not an ONNX file", where: file, why, fix: other.fix ?? "give an .onnx model" });
  }
  if (file === undefined) return error;
  const where = [file, error.parts.where].filter(Boolean).join(", ");
  return fail(error._tag, { ...error.parts, where });
};
