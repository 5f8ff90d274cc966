/** All doors in one application; it listens to nothing by itself. */
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { Refused } from "../pool/index.ts";
import { unpacked } from "./encoded.ts";
import { answerTo } from "./errors.ts";
import { methodsAt } from "./methods.ts";
import { openapi } from "./openapi.ts";
import { openapiPage } from "./openapi-page.ts";
import { addPeople, NOTHING_RUNS } from "./people.ts";
import type { Service } from "./service.ts";
import { guard, type Tokens } from "./tokens.ts";
import { addV1 } from "./v1.ts";
import { addV2 } from "./v2/index.ts";

export interface AppOptions {
  readonly tokens?: () => Tokens | undefined;
  /** Milliseconds of a clock. */
  readonly now?: () => number;
  readonly log?: (entry: LogEntry) => void;
  /** Files of a page at the addresses that no door has: undefined for those that are not there. */
  readonly site?: (path: string) => Promise<Response | undefined>;
  /** Around every request. */
  readonly around?: (answer: () => Promise<void>) => Promise<void>;
}

export interface LogEntry {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly milliseconds: number;
  /** Of what nobody foresaw. */
  readonly error?: unknown;
}

const DOORS = ["v1", "v2", "explain"];

export const createApp = (
  service: Service,
  { tokens = () => undefined, now, log = () => {}, around, site }: AppOptions = {},
): Hono => {
  const app = new Hono();
  const { metrics, settings } = service;
  app.use(async (c, next) => {
    const started = performance.now();
    await (around === undefined ? next() : around(next));
    const { method, path } = c.req;
    const [, first = ""] = path.split("/");
    const { status } = c.res;
    metrics.requests.inc({ door: DOORS.includes(first) ? first : "other", status: String(status) });
    c.header("X-Content-Type-Options", "nosniff");
    log({
      method,
      path,
      status,
      milliseconds: Math.round(performance.now() - started),
      ...(c.error && status >= 500 && { error: c.error }),
    });
  });
  app.use(guard(tokens, now));
  app.use(async (c, next) => {
    if (service.draining && c.req.method === "POST") throw new Refused(503, "the server is shutting down", 5);
    await next();
  });
  app.use(
    bodyLimit({
      maxSize: settings.body_bytes,
      onError: () => {
        throw new HTTPException(413, { message: `a body of more than ${settings.body_bytes} bytes` });
      },
    }),
  );
  app.use(unpacked(settings.body_bytes));
  addV2(app, service);
  addV1(app, service);
  addPeople(app, service);
  app.get("/metrics", async (c) => {
    metrics.waiting.set(service.pool.waiting);
    return c.body(await metrics.registry.metrics(), 200, { "Content-Type": metrics.registry.contentType });
  });
  app.get("/openapi.json", (c) => c.json(openapi([...service.models.keys()])));
  app.get("/openapi", (c) => c.html(openapiPage([...service.models.keys()]), 200, NOTHING_RUNS));
  if (site !== undefined)
    app.get("*", async (c) => {
      const methods = methodsAt(app, c.req.path)?.filter((method) => method !== "GET" && method !== "HEAD") ?? [];
      return (methods.length > 0 ? undefined : await site(c.req.path)) ?? c.notFound();
    });
  app.notFound((c) => {
    const { method, path } = c.req;
    const methods = methodsAt(app, path);
    if (methods === undefined) return c.json({ error: `there is nothing at ${method} ${path}` }, 404);
    return c.json({ error: `${path} does not answer ${method}` }, 405, { Allow: methods.join(", ") });
  });
  app.onError(answerTo);
  return app;
};
