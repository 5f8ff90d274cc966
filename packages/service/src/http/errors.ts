/** Errors as answers: one line in the form of both protocols, a status, and when to try again. */
import { type ErrorTag, isBacklitError } from "@backlit/core";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { Refused } from "../pool/index.ts";

const STATUS: Readonly<Record<ErrorTag, ContentfulStatusCode>> = {
  BadFile: 400,
  BadInput: 400,
  BadRecipe: 400,
  BadTarget: 400,
  BadDefinition: 400,
  Usage: 400,
  Unsupported: 400,
  NotFound: 404,
  NotConserved: 422,
  BadModel: 500,
  Runtime: 500,
  Mismatch: 500,
  Aborted: 504,
  Store: 503,
};

/** `{"error": "…"}`. What nobody foresaw is told without its text: that may name what is nobody's business. */
export const answerTo = (error: unknown, c: Context): Response => {
  if (error instanceof Refused) {
    const retry = error.retryAfter === undefined ? {} : { "Retry-After": String(error.retryAfter) };
    return c.json({ error: error.message }, error.status, retry);
  }
  if (isBacklitError(error)) return c.json({ error: error.message }, STATUS[error._tag]);
  if (error instanceof HTTPException) return c.json({ error: error.message }, error.status);
  return c.json({ error: "the server failed" }, 500);
};
