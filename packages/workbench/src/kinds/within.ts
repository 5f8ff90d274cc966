import { type BacklitError, fail, isBacklitError } from "@backlit/core";

/** Errors of core's readers do not know the file: adds it. */
export const within = <T>(where: string, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    throw isBacklitError(error) ? fail((error as BacklitError)._tag, { where, ...error.parts }, error) : error;
  }
};
