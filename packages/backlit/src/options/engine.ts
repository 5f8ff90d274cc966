/** Words about the inference engine, of every command that runs a model. */
import { DEVICES, deviceNamed } from "../host/runtime/device.ts";
import { wholeNumber } from "./whole-number.ts";

export interface EngineOptions {
  /** Of each session; default: one a core. */
  readonly threads?: number;
  /** An execution provider of ONNX Runtime; default: the processor. */
  readonly device?: string;
}

/** `--threads` and `--device`, as commander's `option` takes them. */
export const THREADS = ["--threads <n>", "threads of the runtime (default: one a core)", wholeNumber("threads")] as const;
export const DEVICE = [
  "--device <name>",
  `where the model runs: ${DEVICES.join(", ")} (default: cpu); cpu where it does not open, which is said`,
  deviceNamed,
] as const;
