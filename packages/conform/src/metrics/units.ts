/** The parameter `unit`: what is perturbed together. */
import type { Tensor } from "@backlit/core";
import { isRecord } from "./case.ts";
import { fileIn, numberOf, type Reading, type Setting, unsupported } from "./setting.ts";

/** Errors: Unsupported, NotFound, BadInput. */
export const unitSetting = async (unit: unknown, { files, x }: Reading): Promise<Setting> => {
  if (typeof unit === "string") return unitSetting({ kind: unit }, { files, x });
  if (!isRecord(unit)) throw unsupported(`unit ${JSON.stringify(unit)}`);
  switch (unit.kind) {
    case "pixel":
    case "channel":
    case "token":
    case "feature":
      return { params: { unit: unit.kind }, given: {} };
    case "grid":
      return { params: { unit: `grid:${numberOf("unit grid of m", unit.m)}` }, given: {} };
    case "segments":
      return { params: { unit: "given" }, given: { segments: overChannels(await files.array(fileIn(unit.file)), x) } };
    default:
      throw unsupported(`unit '${unit.kind}'`);
  }
};

/** Segments [B, H, W] are the same for all channels: [B, 1, H, W]. */
const overChannels = (segments: Tensor, { dims }: Tensor): Tensor =>
  segments.dims.length === dims.length - 1 && segments.dims[0] === dims[0]
    ? { ...segments, dims: [dims[0]!, 1, ...segments.dims.slice(1)] }
    : segments;
