/** What backlit needs of an inference engine. Adapters: onnxruntime-node (packages/backlit) and onnxruntime-web. */
export type TensorType =
  | "float32"
  | "float64"
  | "float16"
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64"
  | "bool"
  | "string";

export type TensorData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | readonly string[];

/** Dense, row-major, plain typed array. bool is Uint8Array (0 or 1), float16 is Uint16Array (bit patterns). */
export interface Tensor {
  readonly type: TensorType;
  readonly dims: readonly number[];
  readonly data: TensorData;
}

export interface SessionOptions {
  /** Runtime graph optimisation; tracing wants little, running wants all. Default "all". */
  readonly optimization?: "disabled" | "basic" | "extended" | "all";
  readonly threads?: number;
  /** Files of external data by the location written in the model, for runtimes that cannot open paths. */
  readonly externalData?: ReadonlyMap<string, Uint8Array>;
  /** The folder those locations lie in, for runtimes that can: files are then mapped into memory, not read. */
  readonly folder?: string;
}

export interface Session {
  readonly inputNames: readonly string[];
  /** Of the outputs that are tensors. */
  readonly outputNames: readonly string[];
  /** Runs the graph; fetches all outputs that are tensors unless named. Errors are tagged "Runtime". */
  run(feeds: Readonly<Record<string, Tensor>>, fetches?: readonly string[]): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface Runtime {
  readonly name: string;
  /** The engine's release, and the kind of processor it runs on: the last bits of its numbers hang on both. */
  readonly version?: string;
  readonly cpu?: string;
  /** It takes paths and folders. */
  readonly opensFiles?: boolean;
  /** Model bytes, or a path where the runtime can open files. */
  createSession(model: Uint8Array | { readonly path: string }, options?: SessionOptions): Promise<Session>;
}
