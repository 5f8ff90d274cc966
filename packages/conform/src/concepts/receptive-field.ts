/** Receptive fields: boxes of every position of a value. */
import { receptiveFields } from "@backlit/core";
import type { Expectation } from "../cases.ts";
import type { Answer, Given } from "./given.ts";

export const boxes = async ({ lit }: Given, { tensor }: Expectation): Promise<Answer> => {
  const { positions, axes, boxes } = receptiveFields(lit, tensor!);
  return { got: { type: "int32", dims: [...positions, 2 * axes.length], data: boxes } };
};
