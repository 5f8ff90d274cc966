/** The data at a path, ready to be judged on. */
import { baseName } from "../host/files.ts";
import type { InputHost } from "../inputs/read.ts";
import type { Bundle } from "../models/open.ts";
import type { DataSet } from "./item.ts";
import { openData } from "./open.ts";
import { type ReadyData, rangeOf, readyData, type SampleOptions } from "./samples.ts";

export interface DataAt extends ReadyData, Pick<DataSet, "preprocessor" | "features" | "textOf"> {
  /** Where the values of an input lie. */
  readonly range: ReturnType<typeof rangeOf>;
}

/** `label`: the column of a table that holds the labels. Errors: NotFound, BadInput, Usage. */
export const dataAt = async (
  host: InputHost,
  path: string,
  bundle: Bundle,
  { label, ...options }: SampleOptions & { readonly label: string | undefined },
): Promise<DataAt> => {
  const set = await openData(host, path, bundle, label);
  const name = (await host.files.info(path))?.name ?? baseName(path);
  const ready = await readyData({ ...set, name }, path, bundle, options);
  return {
    ...ready,
    range: rangeOf(set, bundle),
    ...(set.preprocessor && { preprocessor: set.preprocessor }),
    ...(set.features && { features: set.features }),
    ...(set.textOf && { textOf: set.textOf }),
  };
};
