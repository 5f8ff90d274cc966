/** Models that take texts as they are. */
import type { ValueInfoProto } from "@backlit/core";
import { dimsOf } from "../../models/inputs.ts";
import { isText } from "../table/types.ts";

/** The one input there is, where it takes a text a row. */
export const stringInput = (inputs: readonly ValueInfoProto[]): ValueInfoProto | undefined => {
  const [only, ...others] = inputs;
  return only !== undefined && others.length === 0 && isText(only) && takesOne(only) ? only : undefined;
};

const takesOne = (input: ValueInfoProto): boolean => {
  const [, ...rest] = dimsOf(input);
  return rest.every((size) => typeof size !== "number" || size === 1);
};
