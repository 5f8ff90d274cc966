/** Who may ask, and how often: bearer tokens, each with a rate of its own. */
import { createHash } from "node:crypto";
import { fail } from "@backlit/core";
import type { MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import { Refused } from "../pool/index.ts";

interface Bearer {
  /** Requests a minute; undefined: as many as it likes. */
  readonly rate: number | undefined;
  /** Requests it may make at once, and when that was counted. */
  left: number;
  since: number;
}

export type Tokens = ReadonlyMap<string, Bearer>;

/** Compared by their hashes: how long it takes says nothing of how much of a token was right. */
const hashOf = (token: string): string => createHash("sha256").update(token).digest("hex");

/** Lines of `TOKEN` or `TOKEN REQUESTS_A_MINUTE`; `#` begins a comment. Errors: BadFile. */
export const readTokens = (text: string, where: string): Tokens => {
  const lines = text.split(/\r?\n/).map((line) => line.replace(/#.*/, "").trim());
  const tokens = lines.filter(Boolean).map((line) => {
    const [token = "", rate, more] = line.split(/\s+/);
    if (more !== undefined || (rate !== undefined && !/^[1-9]\d*$/.test(rate)) || token.length < 16)
      throw fail("BadFile", {
        what: "a line of the tokens",
        where: `${where}, line ${lines.indexOf(line) + 1}`,
        fix: "write TOKEN or TOKEN REQUESTS_A_MINUTE, a token of at least 16 characters",
      });
    const limit = rate === undefined ? undefined : Number(rate);
    return [hashOf(token), { rate: limit, left: limit ?? 0, since: 0 }] as const;
  });
  if (tokens.length > 0) return new Map(tokens);
  throw fail("BadFile", { what: "no tokens", where, fix: "write one a line, or leave the file out" });
};

/** Health is everybody's: whoever watches over the server has no token. `now`: milliseconds of a clock. */
export const guard =
  (tokens: () => Tokens | undefined, now: () => number = () => performance.now()): MiddlewareHandler =>
  async (c, next) => {
    const known = tokens();
    if (known === undefined || c.req.path.startsWith("/v2/health/")) return next();
    const [, given] = /^Bearer\s+(\S+)$/i.exec(c.req.header("Authorization") ?? "") ?? [];
    const bearer = given === undefined ? undefined : known.get(hashOf(given));
    if (bearer === undefined) {
      c.header("WWW-Authenticate", "Bearer");
      throw new HTTPException(401, { message: "a bearer token is needed: Authorization: Bearer TOKEN" });
    }
    spend(bearer, now());
    return next();
  };

/** A bucket of a minute's requests that fills evenly. */
const spend = (bearer: Bearer, now: number): void => {
  const { rate } = bearer;
  if (rate === undefined) return;
  bearer.left = Math.min(rate, bearer.left + ((now - bearer.since) / 60_000) * rate);
  bearer.since = now;
  if (bearer.left < 1) throw new Refused(429, `more than ${rate} requests a minute`, Math.ceil(((1 - bearer.left) * 60) / rate));
  bearer.left -= 1;
};
