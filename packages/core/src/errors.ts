/**
 * Tagged errors. Every failure a user can cause carries a `_tag` to switch on and one line of text that says
 * what failed, where, why and what to do.
 */
export type ErrorTag =
  | "BadFile" // not an ONNX file, truncated, hostile
  | "BadModel" // a readable file that is no valid model
  | "BadInput" // a wrong shape, type, NaN, a picture that is not one
  | "BadRecipe" // an unknown rule, composite, parameter or value
  | "BadDefinition" // a method, metric, imputer, rule or operator of the caller's own that is none, or whose name is taken
  | "BadTarget" // a class that does not exist
  | "Unsupported" // an operator or feature without a rule
  | "NotFound" // a file, folder or bundled name
  | "Usage" // the command line
  | "Runtime" // ONNX Runtime refused or failed
  | "NotConserved" // --strict
  | "Mismatch" // an artefact that computes something else than its model
  | "Store" // kept work or inputs cannot be reached, written or trusted
  | "Aborted";

export interface ErrorParts {
  /** What failed, in a few words. */
  readonly what: string;
  /** File, node, op, value: where it failed. */
  readonly where?: string | undefined;
  readonly why?: string | undefined;
  /** What the user can do about it. */
  readonly fix?: string | undefined;
}

/** What this library throws: a tag to tell kinds of errors by, and one line for the user. */
export class BacklitError extends Error {
  override readonly name = "BacklitError";
  constructor(
    readonly _tag: ErrorTag,
    readonly parts: ErrorParts,
    options?: ErrorOptions,
  ) {
    const { what, where, why, fix } = parts;
    super(
      [where === undefined ? what : `${what} (${where})`, why, fix]
        .filter(Boolean)
        .join(": ")
        .replace(/\s*\n\s*/g, " "),
      options,
    );
  }
}

/** Builds (does not throw) a tagged error: `throw fail("BadFile", { what: … })`. */
export const fail = (tag: ErrorTag, parts: ErrorParts, cause?: unknown): BacklitError =>
  new BacklitError(tag, parts, cause === undefined ? undefined : { cause });

/** Whether it is an error of backlit, with this tag where one is named; of another copy of the package, too. */
export const isBacklitError = (error: unknown, tag?: ErrorTag): error is BacklitError =>
  error instanceof Error && "_tag" in error && error.name === "BacklitError" && (tag === undefined || error._tag === tag);
