/** Where a model runs: an execution provider of ONNX Runtime by its name, and the processor where that does not open. */
import { fail, type Runtime } from "@backlit/core";

/** `tested`: by backlit's own tests; the others are what the runtime offers. */
const DEVICES: Readonly<Record<string, { readonly tested: boolean }>> = {
  cpu: { tested: true },
  webgpu: { tested: true },
  cuda: { tested: false },
  tensorrt: { tested: false },
  dml: { tested: false },
  coreml: { tested: false },
};

/** Errors: Usage for a name that is no device. */
export const deviceNamed = (name: string): string => {
  if (Object.hasOwn(DEVICES, name)) return name;
  throw fail("Usage", { what: `unknown device '${name}'`, fix: `one of ${Object.keys(DEVICES).join(", ")}` });
};

/** The runtime with its sessions on a device; `notice` hears once that it is untested, or that the processor does the work, and why. */
export const onDevice = (runtime: Runtime, device: string | undefined, notice: (text: string) => void): Runtime => {
  if (device === undefined || device === "cpu") return runtime;
  let [said, lost] = [false, false];
  const once = (text: string) => {
    if (!said) notice(text);
    said = true;
  };
  return {
    ...runtime,
    name: `${runtime.name}, ${device}`, // numbers of one device are not another's
    async createSession(model, options) {
      if (lost) return await runtime.createSession(model, options);
      try {
        const session = await runtime.createSession(model, { ...options, device });
        if (!DEVICES[device]!.tested)
          once(`device '${device}' is not tested by backlit: compare a map with that of --device cpu`);
        return session;
      } catch (cause) {
        const session = await runtime.createSession(model, options); // a model's own fault is said as such
        lost = true;
        once(`device '${device}' does not open here, cpu does the work: ${(cause as Error).message}`);
        return session;
      }
    },
  };
};
