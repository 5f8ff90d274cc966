/** An inference request: JSON, or JSON with tensors in bytes behind it. */
import { fail, type Tensor } from "@backlit/core";
import type { Asked } from "../../work/messages.ts";
import { askedIn } from "../asked.ts";
import { headIn, tensorInBytes, tensorInJson } from "./tensors.ts";

interface WantedOutput {
  readonly name: string;
  readonly binary: boolean;
}

export interface InferRequest {
  readonly id?: string;
  readonly feeds: Readonly<Record<string, Tensor>>;
  /** Undefined: all. */
  readonly outputs: readonly WantedOutput[] | undefined;
  /** Whether all outputs are wanted in bytes, where none is named. */
  readonly binary: boolean;
  readonly asked: Asked;
}

const bad = (what: string, fix?: string) => fail("BadInput", { what, fix });
type Json = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

/** `header`: of `Inference-Header-Content-Length`. Errors: BadInput. */
export const inferRequestIn = (body: Uint8Array, header: string | undefined): InferRequest => {
  const length = header === undefined ? body.length : /^\d+$/.test(header) ? Number(header) : -1;
  if (length < 0 || length > body.length)
    throw bad("Inference-Header-Content-Length", "give the bytes of the JSON before the tensors");
  const request = jsonIn(body.subarray(0, length));
  const { id, inputs, outputs, parameters } = request;
  if (id !== undefined && typeof id !== "string") throw bad("an id that is no text");
  if (!Array.isArray(inputs) || inputs.length === 0 || !inputs.every(isRecord)) throw bad("no inputs", "give a list of tensors");
  const binary = flag(parameters, "binary_data_output") ?? false;
  return {
    ...(id !== undefined && { id }),
    feeds: feedsIn(inputs, body.subarray(length)),
    outputs: outputsIn(outputs, binary),
    binary,
    asked: askedIn(parameters),
  };
};

const jsonIn = (bytes: Uint8Array): Json => {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw bad("the body is no JSON");
  }
  if (isRecord(value)) return value;
  throw bad("the body is no JSON object");
};

const feedsIn = (inputs: readonly Json[], rest: Uint8Array): Record<string, Tensor> => {
  const feeds: Record<string, Tensor> = {};
  let at = 0;
  for (const input of inputs) {
    const head = headIn(input);
    if (Object.hasOwn(feeds, head.name)) throw bad(`input '${head.name}' twice`);
    const size = isRecord(input.parameters) ? input.parameters.binary_data_size : undefined;
    if (size === undefined) feeds[head.name] = tensorInJson(head, input.data);
    else {
      if (input.data !== undefined) throw bad(`input '${head.name}' has data and binary_data_size`, "give one of them");
      if (!Number.isSafeInteger(size) || (size as number) < 0 || at + (size as number) > rest.length)
        throw bad(`binary_data_size of input '${head.name}'`, "give the bytes of the tensor behind the JSON");
      feeds[head.name] = tensorInBytes(head, rest.subarray(at, at + (size as number)));
      at += size as number;
    }
  }
  if (at !== rest.length) throw bad(`${rest.length - at} bytes that belong to no input`, "give each tensor its binary_data_size");
  return feeds;
};

const outputsIn = (outputs: unknown, binary: boolean): readonly WantedOutput[] | undefined => {
  if (outputs === undefined || (Array.isArray(outputs) && outputs.length === 0)) return undefined;
  if (!Array.isArray(outputs)) throw bad("outputs that are no list");
  return outputs.map((output) => {
    if (!isRecord(output) || typeof output.name !== "string") throw bad("an output without a name");
    return { name: output.name, binary: flag(output.parameters, "binary_data") ?? binary };
  });
};

const flag = (parameters: unknown, key: string): boolean | undefined => {
  const value = isRecord(parameters) ? parameters[key] : undefined;
  if (value === undefined || typeof value === "boolean") return value;
  throw bad(`parameter '${key}'`, "give true or false");
};
