/** What goes between a worker's runtime and its client: calls, answers, and tensors whose memory moves instead of being copied. */
import {
  type BacklitError,
  type ErrorParts,
  type ErrorTag,
  fail,
  isBacklitError,
  type SessionOptions,
  type Tensor,
} from "@backlit/core";

export type Tensors = Readonly<Record<string, Tensor>>;

export type Call =
  | { readonly do: "create"; readonly model: Uint8Array | { readonly path: string }; readonly options: SessionOptions }
  | { readonly do: "run"; readonly session: number; readonly feeds: Tensors; readonly fetches?: readonly string[] | undefined }
  | { readonly do: "release"; readonly session: number };

export type Request = Call & { readonly id: number };

export interface Created {
  readonly session: number;
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
}

/** The first message of a worker. */
export interface Ready {
  readonly name: string;
  readonly version?: string;
  readonly cpu?: string;
  readonly opensFiles: boolean;
  readonly notices: readonly string[];
}

export type Answer =
  /** `back`: memory of the call's tensors, to be used again. */
  | { readonly id: number; readonly value: unknown; readonly back?: readonly ArrayBuffer[] }
  | { readonly id: number; readonly error: { readonly tag: ErrorTag; readonly parts: ErrorParts } };

/** Tags survive the way; other errors become "Runtime". */
export const sentError = (error: unknown): { readonly tag: ErrorTag; readonly parts: ErrorParts } =>
  isBacklitError(error)
    ? { tag: error._tag, parts: error.parts }
    : { tag: "Runtime", parts: { what: error instanceof Error ? error.message : String(error) } };

export const receivedError = ({ tag, parts }: ReturnType<typeof sentError>): BacklitError => fail(tag, parts);

/** The sender keeps its tensors: typed arrays are copied once, into memory that came back where it fits, and the copies move. */
export const copied = (
  tensors: Tensors,
  back: ArrayBuffer[] = [],
): { readonly tensors: Tensors; readonly moved: ArrayBuffer[] } => {
  const copies = Object.entries(tensors).map(([name, tensor]) => [name, { ...tensor, data: copyOf(tensor.data, back) }] as const);
  return { tensors: Object.fromEntries(copies), moved: buffersOf(copies.map(([, tensor]) => tensor)) };
};

const copyOf = (data: Tensor["data"], back: ArrayBuffer[]): Tensor["data"] => {
  if (!ArrayBuffer.isView(data)) return data;
  const view = data as Float32Array;
  const at = back.findIndex(({ byteLength }) => byteLength === view.byteLength);
  if (at < 0) return view.slice();
  const [buffer] = back.splice(at, 1);
  const copy = new (view.constructor as new (buffer: ArrayBuffer) => Float32Array)(buffer!);
  copy.set(view);
  return copy;
};

/** Memory that is a tensor's alone may move. */
export const buffersOf = (tensors: readonly Tensor[]): ArrayBuffer[] => {
  const whole = tensors.flatMap(({ data }) =>
    ArrayBuffer.isView(data) && data.buffer instanceof ArrayBuffer && data.byteLength === data.buffer.byteLength
      ? [data.buffer]
      : [],
  );
  return whole.filter((buffer, i) => whole.indexOf(buffer) === i);
};
