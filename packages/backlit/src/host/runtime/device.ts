/** Where a model runs: an execution provider of ONNX Runtime by its name, and the processor where that does not open. */
import { fail, type Runtime } from "@backlit/core";

/** The processor, and what the runtime offers beside it: backlit's own tests have run on the processor alone. */
export const DEVICES = ["cpu", "webgpu", "cuda", "tensorrt", "dml", "coreml"] as const;

/** Errors: Usage for a name that is no device. */
export const deviceNamed = (name: string): string => {
  if ((DEVICES as readonly string[]).includes(name)) return name;
  throw fail("Usage", { what: `unknown device '${name}'`, fix: `one of ${DEVICES.join(", ")}` });
};

/** The runtime with its sessions on a device; `notice` hears once that it is untested, and once, where it does not open, that the processor does the work, and why. */
export const onDevice = (runtime: Runtime, device: string | undefined, notice: (text: string) => void): Runtime => {
  if (device === undefined || device === "cpu") return runtime;
  let [told, lost] = [false, false];
  return {
    ...runtime,
    name: `${runtime.name}, ${device}`, // numbers of one device are not another's
    async createSession(model, options) {
      if (lost) return await runtime.createSession(model, options);
      try {
        const session = await runtime.createSession(model, { ...options, device });
        if (!told) notice(`device '${device}' is not tested by backlit: compare a map with that of --device cpu`);
        told = true;
        return session;
      } catch (cause) {
        const session = await runtime.createSession(model, options); // a model's own fault is said as such
        if (!lost) notice(`device '${device}' does not open here, cpu does the work: ${(cause as Error).message}`);
        lost = true;
        return session;
      }
    },
  };
};
