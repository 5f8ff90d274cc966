/** ONNX Runtime by WebAssembly, its files from our own site. */
import { type OrtModule, ortRuntime, type Runtime } from "@backlit/core";
import mjs from "onnxruntime-web/ort-wasm-simd-threaded.mjs?url";
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";

/** Loaded when it is needed first. Errors: Runtime. */
export const engine = async (): Promise<Runtime> => {
  const ort = await import("onnxruntime-web/wasm");
  const at = (file: string) => new URL(file, import.meta.url).href;
  ort.env.wasm.wasmPaths = { wasm: at(wasm), mjs: at(mjs) };
  ort.env.wasm.numThreads = 1;
  return ortRuntime(ort as OrtModule, { name: "onnxruntime-web" });
};
