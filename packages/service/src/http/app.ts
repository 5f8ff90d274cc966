/** All doors in one application; it listens to nothing by itself. */
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { Refused } from "../pool/index.ts";
import { answerTo } from "./errors.ts";
import { openapi } from "./openapi.ts";
import { addPeople } from "./people.ts";
import type { Service } from "./service.ts";
import { guard, type Tokens } from "./tokens.ts";
import { addV1 } from "./v1.ts";
import { addV2 } from "./v2/index.ts";

export interface AppOptions {
  readonly tokens?: () => Tokens | undefined;
  /** Milliseconds of a clock. */
  readonly now?: () => number;
  readonly log?: (entry: LogEntry) => void;
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

export const createApp = (service: Service, { tokens = () => undefined, now, log = () => {}, around }: AppOptions = {}): Hono => {
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
  addV2(app, service);
  addV1(app, service);
  addPeople(app, service);
  app.get("/metrics", async (c) => {
    metrics.waiting.set(service.pool.waiting);
    return c.body(await metrics.registry.metrics(), 200, { "Content-Type": metrics.registry.contentType });
  });
  app.get("/openapi.json", (c) => c.json(openapi([...service.models.keys()])));
  app.notFound((c) => c.json({ error: `there is nothing at ${c.req.method} ${c.req.path}` }, 404));
  app.onError(answerTo);
  return app;
};
