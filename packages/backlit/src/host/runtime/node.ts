/** The runtime of this machine: onnxruntime-node, or onnxruntime-web (WASM) where it has no binary. */
import { arch, cpus } from "node:os";
import { ortRuntime, type Runtime } from "@backlit/core";

let loaded: Promise<Runtime> | undefined;

/** `notice` is called once when the native runtime does not load. */
export const nodeRuntime = (notice: (text: string) => void = () => {}): Promise<Runtime> => {
  loaded ??= load(notice);
  return loaded;
};

/**
 * The native runtime's telemetry matches this process's command line against regular expressions that recurse for every character: a few
 * hundred file names overflow the stack. Nobody asked for it either. To be called in the main thread: others have a copy of the environment.
 */
export const withoutTelemetry = (): void => {
  process.env.ORT_DISABLE_TELEMETRY ??= "1";
};

const load = async (notice: (text: string) => void): Promise<Runtime> => {
  withoutTelemetry();
  try {
    return ortRuntime(await import("onnxruntime-node"), { name: "onnxruntime-node", cpu: cpuKind(), opensFiles: true });
  } catch (cause) {
    notice(missingNotice(cause));
    return webRuntime();
  }
};

/** Why the native runtime is not used, and how to get it. */
export const missingNotice = (cause: unknown): string => {
  const said = cause instanceof Error ? cause.message.split("\n")[0]! : String(cause);
  const absent = said.includes("Cannot find package 'onnxruntime-node'");
  const how = absent
    ? "npm install onnxruntime-node"
    : "npm install onnxruntime-node again, where it has a binary for this machine";
  return `onnxruntime-node ${absent ? "is not installed" : `does not load here (${said})`}: using onnxruntime-web, which is slower; to get it, ${how}`;
};

/** onnxruntime-web in Node: one thread, WebAssembly. */
export const webRuntime = async (): Promise<Runtime> =>
  ortRuntime(await import("onnxruntime-web"), { name: "onnxruntime-web", cpu: cpuKind() });

const cpuKind = (): string => [arch(), cpus()[0]?.model ?? ""].join(" ").trim();
