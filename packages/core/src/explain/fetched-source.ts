/** Weights that can be read in their own time only. */
import { SMALL } from "../graph/facts.ts";
import { fetchRanges } from "../onnx/fetch-ranges.ts";
import type { ModelProto, ModelSource } from "../onnx/index.ts";

/** What can be read in its own time only, fetched as far as numbers are asked for. */
export const fetchedSource = async (file: ModelProto, source: ModelSource | undefined): Promise<ModelSource | undefined> =>
  source?.ranges === undefined || source.external !== undefined || source.externalData !== undefined
    ? source
    : { ...source, external: await fetchRanges(file, source.ranges, SMALL) };
