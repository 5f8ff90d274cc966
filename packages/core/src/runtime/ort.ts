/**
 * One adapter for onnxruntime-node and onnxruntime-web: their JavaScript API is the same. The module is passed in, so that
 * neither is imported here.
 */
import { fail } from "../errors.ts";
import type { Tensor, TensorType } from "../tensor/tensor.ts";
import type { Runtime, Session, SessionOptions } from "./runtime.ts";

interface OrtTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}
interface OrtSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly outputMetadata?: readonly { readonly isTensor: boolean }[];
  run(feeds: Record<string, OrtTensor>, fetches?: readonly string[]): Promise<Record<string, OrtTensor>>;
  release(): Promise<void>;
}
/** What is used of `import * as ort`. */
export interface OrtModule {
  readonly InferenceSession: {
    /** Its own documentation says what it takes. */
    create(model: never, options?: never): Promise<unknown>;
  };
  readonly Tensor: new (type: never, data: never, dims: never) => unknown;
  readonly env?: { readonly versions?: { readonly common?: string; readonly node?: string; readonly web?: string } };
}

export interface OrtOptions {
  readonly name: string;
  readonly executionProviders?: readonly string[];
  /** As in `Runtime`. */
  readonly cpu?: string;
  /** The module runs natively: it takes paths and folders. */
  readonly opensFiles?: boolean;
}

/** A runtime from an ONNX Runtime module. Its sessions turn the module's errors into tag "Runtime". */
export const ortRuntime = (ort: OrtModule, { name, cpu, executionProviders, opensFiles = false }: OrtOptions): Runtime => ({
  name,
  ...versionOf(ort),
  ...(cpu !== undefined && { cpu }),
  opensFiles,
  async createSession(model, options = {}) {
    const created = await ort.InferenceSession.create(
      (model instanceof Uint8Array ? model : model.path) as never,
      sessionOptions(options, executionProviders) as never,
    ).catch((cause: unknown) => {
      const why = reason(cause);
      throw fail(
        "Runtime",
        { what: `${name} cannot load the model`, why, ...(DOUBLE_MAPS.test(why) && { fix: NO_MAPS }) },
        cause,
      );
    });
    return wrap(ort, name, created as OrtSession);
  },
});

/** skl2onnx writes maps of doubles for columns of doubles, which the operator ZipMap does not give: no runtime loads them. */
const DOUBLE_MAPS = /seq\(map\(\w+, ?tensor\(double\)\)\)/;
const NO_MAPS = "export it without maps: to_onnx(model, rows, options={'zipmap': False})";

const versionOf = ({ env }: OrtModule): Pick<Runtime, "version"> => {
  const { node, web, common } = env?.versions ?? {};
  const version = node ?? web ?? common;
  return version === undefined ? {} : { version };
};

const sessionOptions = (
  { optimization = "all", threads, device, externalData, folder }: SessionOptions,
  executionProviders?: readonly string[],
) => ({
  graphOptimizationLevel: optimization,
  logSeverityLevel: 4, // what fails is thrown, and tracing tries sizes that may
  ...(optimization === "disabled" && { enableMemPattern: false }), // planning memory is quadratic in the number of outputs
  ...(device !== undefined ? { executionProviders: [device, "cpu"] } : executionProviders && { executionProviders }),
  ...(threads && { intraOpNumThreads: threads }),
  extra: {
    session: {
      // Repacked weights are for many runs; without optimisation there will be few.
      ...(optimization === "disabled" && { disable_prepacking: "1" }),
      ...(folder !== undefined && { model_external_initializers_file_folder_path: folder }),
    },
  },
  ...(externalData && { externalData: [...externalData].map(([path, data]) => ({ path, data })) }),
});

const wrap = (ort: OrtModule, name: string, session: OrtSession): Session => {
  let released = false;
  const release = async () => {
    if (released) return;
    released = true;
    await session.release();
  };
  // Sequences and maps cannot be fetched.
  const outputNames = session.outputNames.filter((_, i) => session.outputMetadata?.[i]?.isTensor !== false);
  const tensorOf = (t: Tensor) => new ort.Tensor(t.type as never, t.data as never, t.dims as never) as OrtTensor;
  const running = async <T>(run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (cause) {
      throw fail("Runtime", { what: `${name} failed`, why: reason(cause) }, cause);
    }
  };
  return {
    inputNames: session.inputNames,
    outputNames,
    async run(feeds, fetches) {
      const results = await running(() => session.run(mapped(feeds, tensorOf), fetches ?? outputNames));
      return mapped(results, (t) => ({ type: t.type as TensorType, dims: t.dims.map(Number), data: patterns(t) }));
    },
    release,
    [Symbol.asyncDispose]: release,
  };
};

/** Engines with a Float16Array hand that out; ours are bit patterns. */
const patterns = ({ type, data }: OrtTensor): Tensor["data"] => {
  if (type !== "float16" || !ArrayBuffer.isView(data)) return data as Tensor["data"];
  return new Uint16Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength / 2);
};

const mapped = <A, B>(record: Readonly<Record<string, A>>, of: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, of(value)]));

/** Without the place in ONNX Runtime's sources, and the signature of the function there. */
const reason = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause))
    .replace(/\/\S*onnxruntime_src\/\S+ [^)]*\) /g, "")
    .replace(/\[ONNXRuntimeError\] : \d+ : \w+ : /g, "");
