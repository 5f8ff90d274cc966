/** ONNX Runtime by WebAssembly or on the graphics processor, its files from our own site. */
import { fail, isBacklitError, type OrtModule, ortRuntime, type Runtime } from "@backlit/core";
import gpuMjs from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url";
import gpuWasm from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import mjs from "onnxruntime-web/ort-wasm-simd-threaded.mjs?url";
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import type { EngineChoice } from "./messages.ts";

const at = (file: string) => new URL(file, import.meta.url).href;

/** Loaded when it is needed first. Errors: Runtime. */
export const engine = async ({ device, threads }: EngineChoice): Promise<Runtime> =>
  device === "webgpu" ? graphics() : webAssembly(threads);

const webAssembly = async (threads: number): Promise<Runtime> => {
  const ort = await import("onnxruntime-web/wasm");
  // The runtime's own files: its threads would else start our whole worker again.
  ort.env.wasm.wasmPaths = { wasm: at(wasm), mjs: at(mjs) };
  ort.env.wasm.numThreads = threads;
  return ortRuntime(ort as OrtModule, { name: "onnxruntime-web" });
};

const graphics = async (): Promise<Runtime> => {
  if (!(await adapter()))
    throw fail("Runtime", {
      what: "no WebGPU",
      why: "the browser gives this page no graphics processor",
      fix: CHOOSE,
    });
  const ort = await import("onnxruntime-web/webgpu");
  ort.env.wasm.wasmPaths = { wasm: at(gpuWasm), mjs: at(gpuMjs) };
  ort.env.wasm.numThreads = 1;
  return withWayOn(ortRuntime(ort as OrtModule, { name: "onnxruntime-web/webgpu", executionProviders: ["webgpu"] }));
};

/** What the engine cannot load there, operators of trees or whole numbers among others, it loads as WebAssembly. */
const withWayOn = (runtime: Runtime): Runtime => ({
  ...runtime,
  createSession: (model, options) =>
    runtime.createSession(model, options).catch((error: unknown) => {
      throw isBacklitError(error) ? fail(error._tag, { ...error.parts, fix: CHOOSE }, error) : error;
    }),
});

const CHOOSE = "choose WebAssembly under Computed by";

const adapter = async (): Promise<unknown> => {
  const { gpu } = navigator as Navigator & { readonly gpu?: { requestAdapter(): Promise<unknown> } };
  return gpu?.requestAdapter().catch(() => null);
};
