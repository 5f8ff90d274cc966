/**
 * The files a model was read from. Decoded, its weights are views on its file's bytes; written again, they can stay there: external
 * data may name any bytes of any file in the model's folder, so also those inside the original model.
 * Source: docs/ExternalData.md of the ONNX repository.
 */
import type { SessionOptions } from "../runtime/runtime.ts";
import { checkLocation, type ExternalData, withExternal } from "./external.ts";
import type { ExternalRanges } from "./fetch-ranges.ts";
import { DataType, type ModelProto, type TensorProto } from "./proto.ts";

/** A model's own file: its name in the folder, and the bytes its tensors are views on. */
export interface ModelFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface ModelSource {
  /** Given where weights should be read from the file again, and not be handed to the runtime: in large models. */
  readonly file?: ModelFile;
  /** The folder the file and its external data lie in, for runtimes that open files. */
  readonly folder?: string;
  /** The files' contents by location, for runtimes that do not. */
  readonly externalData?: ReadonlyMap<string, Uint8Array>;
  /** Reads external data: the numbers of small tensors. Without it they are looked up in `externalData`. */
  readonly external?: ExternalData;
  /** Reads it where nothing else does and reading takes its time: the small tensors are fetched when the model is loaded. */
  readonly ranges?: ExternalRanges;
}

/** Smaller tensors are copied in: biases need no page of memory of their own. */
export const REFERENCE_FROM = 1024;

/**
 * The model with its weights left in `file`. What is no view on the file's bytes (constants the compiler made, numbers stored as
 * float_data or int32_data) is carried along, as is what lies in subgraphs. @throws BadFile when the file's name is no location
 */
export const pointingInto = (model: ModelProto, file: ModelFile | undefined): ModelProto => {
  if (file === undefined) return model;
  const location = checkLocation(file.name);
  const pointing = (tensor: TensorProto): TensorProto => {
    const offset = tensor.rawData && offsetIn(file.bytes, tensor.rawData);
    const stays = offset === undefined || tensor.rawData!.length < REFERENCE_FROM || tensor.dataType === DataType.STRING;
    return stays ? tensor : withExternal(tensor, location, offset, tensor.rawData!.length);
  };
  return { ...model, graph: { ...model.graph, initializer: model.graph.initializer.map(pointing) } };
};

/** How a session of such a model finds its weights. */
export const filesOf = ({ file, folder, externalData }: ModelSource): Pick<SessionOptions, "folder" | "externalData"> => {
  if (folder !== undefined) return { folder };
  const files = new Map([...(externalData ?? []), ...(file === undefined ? [] : [[file.name, file.bytes] as const])]);
  return files.size === 0 ? {} : { externalData: files };
};

/** What reads external data, if there is any to read. */
export const externalOf = ({ external, externalData }: ModelSource): ExternalData | undefined =>
  external ?? (externalData && externalFrom(externalData));

/**
 * Where in `whole` a view on the same memory begins; undefined when it is no part of it.
 * @internal Exported for its tests.
 */
export const offsetIn = (whole: Uint8Array, part: Uint8Array): number | undefined => {
  const offset = part.byteOffset - whole.byteOffset;
  return part.buffer === whole.buffer && offset >= 0 && offset + part.length <= whole.length ? offset : undefined;
};

const externalFrom = (contents: ReadonlyMap<string, Uint8Array>): ExternalData => ({
  read: (location, offset, length) =>
    (contents.get(location) ?? new Uint8Array()).subarray(offset, length === undefined ? undefined : offset + length),
});
