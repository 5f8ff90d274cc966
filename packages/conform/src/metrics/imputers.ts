/** The parameter `imputer`: what stands in for what is removed. */
import type { Tensor } from "@backlit/core";
import { isRecord } from "./case.ts";
import { fileIn, numberOf, onlyOf, type Reading, type Setting, unsupported } from "./setting.ts";

/** Errors: Unsupported, NotFound, BadInput. */
export const imputerSetting = async (imputer: unknown, { files, x }: Reading): Promise<Setting> => {
  if (!isRecord(imputer)) throw unsupported(`imputer ${JSON.stringify(imputer)}`);
  const number = (name: string) => numberOf(`imputer '${imputer.kind}' with ${name}`, imputer[name]);
  switch (imputer.kind) {
    case "constant":
      return Array.isArray(imputer.value)
        ? perChannel(x, imputer.value, (_, value) => value)
        : spec(`constant:${number("value")}`);
    case "flip":
      return spec(`invert:${number("lo")}:${number("hi")}`);
    case "per-image-mean":
      onlyOf("imputer 'per-image-mean' with per_channel", imputer.per_channel, [true]);
      return spec("mean");
    case "blur":
      onlyOf("imputer 'blur' with border", imputer.border, ["symmetric"]);
      return spec(`blur:${number("sigma")}:${number("radius")}`);
    case "conv2d":
      onlyOf("imputer 'conv2d' with border", imputer.border, ["zero"]);
      return spec("conv", { kernel: await files.array(fileIn(imputer.kernel)) });
    case "road":
      return spec(`road:${imputer.noise === undefined ? 0 : number("noise")}`);
    case "noise":
    case "given":
      return snapshots(await files.array(fileIn(imputer.file)), x);
    default:
      throw unsupported(`imputer '${imputer.kind}'`);
  }
};

const spec = (imputer: string, given: Setting["given"] = {}): Setting => ({ params: { imputer }, given });

/** Stand-ins [J, B, …], or [B, …] for a single draw: scores are averaged over J. */
const snapshots = (made: Tensor, { dims }: Tensor): Setting => {
  const draws = made.dims.length === dims.length ? [1, ...made.dims] : made.dims;
  return {
    params: { imputer: "given", repeats: draws[0]! },
    given: { snapshots: { ...made, dims: draws } },
  };
};

/** One number a channel. */
const perChannel = (x: Tensor, values: readonly unknown[], of: (x: number, value: number) => number): Setting => {
  const channels = values.map((value) => numberOf("imputer 'constant' with value", value));
  const width = x.dims.slice(2).reduce((a, b) => a * b, 1);
  if (channels.length !== x.dims[1]) throw unsupported(`${channels.length} numbers for ${x.dims[1]} channels`);
  const data = Float32Array.from(x.data as Float32Array, (v, i) => of(v, channels[Math.floor(i / width) % channels.length]!));
  return snapshots({ type: "float32", dims: [1, ...x.dims], data }, x);
};
