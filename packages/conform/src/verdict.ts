/** What a conformance run says of one expectation. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { BacklitError, fail, readNpy, type Tensor } from "@backlit/core";

export interface Verdict {
  readonly case: string;
  readonly id: string;
  readonly status: "passed" | "failed" | "not supported";
  /** Relative L2 error ‖a − b‖/‖b‖; of metrics the largest difference, measured by its tolerance. */
  readonly error?: number;
  readonly tolerance?: number;
  readonly reason?: string;
}

export type Result = Omit<Verdict, "case" | "id">;

export const problem = (error: unknown): Result => {
  if (error instanceof BacklitError && error._tag === "Unsupported") return { status: "not supported", reason: error.message };
  return { status: "failed", reason: error instanceof Error ? error.message : String(error) };
};

/** A file of a case. Errors: NotFound, BadInput. */
export const caseFile = async (dir: string, file: string): Promise<Uint8Array> => {
  try {
    return await readFile(join(dir, file));
  } catch (cause) {
    throw fail("NotFound", { what: `the case's file ${file} cannot be read`, why: (cause as NodeJS.ErrnoException).code }, cause);
  }
};

export const caseArray = async (dir: string, file: string): Promise<Tensor> => {
  const bytes = await caseFile(dir, file);
  try {
    return readNpy(bytes);
  } catch (cause) {
    throw fail("BadInput", { what: `the case's file ${file}`, why: (cause as Error).message }, cause);
  }
};
