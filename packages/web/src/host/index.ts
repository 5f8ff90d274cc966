/** A page, or a worker of one, as a host. */
import { type OrtModule, ortRuntime, type Runtime } from "@backlit/core";
import { type Files, type Host, oneEngine } from "@backlit/workbench";
import { webPictures } from "./pictures.ts";

export interface WebHostOptions {
  /** Where models and inputs lie. */
  readonly files: Files;
  /** The inference engine; default onnxruntime-web by WebAssembly, loaded when it is needed first. */
  readonly runtime?: Runtime | (() => Promise<Runtime>);
}

export const webHost = ({ files, runtime = wasmRuntime }: WebHostOptions): Host => {
  let loaded: Promise<Runtime> | undefined;
  const one = () => {
    loaded ??= typeof runtime === "function" ? runtime() : Promise.resolve(runtime);
    return loaded;
  };
  return { files, pictures: webPictures, runtimes: oneEngine(one) };
};

/** onnxruntime-web by WebAssembly. Errors: Runtime when it does not load. */
export const wasmRuntime = async (): Promise<Runtime> =>
  ortRuntime((await import("onnxruntime-web/wasm")) as OrtModule, { name: "onnxruntime-web" });
