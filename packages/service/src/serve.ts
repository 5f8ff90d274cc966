/** A service that runs: models described, doors open, drained at the end. */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fail } from "@backlit/core";
import { serve as listen } from "@hono/node-server";
import type { Hono } from "hono";
import { type AppOptions, createApp } from "./http/app.ts";
import { Cache } from "./http/cache.ts";
import { createMetrics } from "./http/metrics.ts";
import type { Served, Service } from "./http/service.ts";
import { readTokens, type Tokens } from "./http/tokens.ts";
import { Pool, type Thread } from "./pool/index.ts";
import type { Settings } from "./settings/index.ts";
import type { Room } from "./work/index.ts";
import type { Results } from "./work/messages.ts";

export interface ServiceOptions {
  /** Paths by name. */
  readonly models: ReadonlyMap<string, string>;
  readonly settings: Settings;
  /** Starts a thread that calls `workIn` with this room. */
  start(room: Room): Thread;
  /** The file of tokens, read again at every reload. */
  readonly readText: (path: string) => Promise<string>;
  readonly log?: AppOptions["log"];
  readonly now?: AppOptions["now"];
  /** A page at the addresses that are left, e.g. the studio at `/`. */
  readonly site?: AppOptions["site"];
}

/** Roughly, in memory. */
const sizeOf = (value: Results["explain"]): number =>
  "bytes" in value
    ? value.bytes.byteLength
    : value.reduce((sum, { output, relevance }) => sum + 8 * (output.data.length + relevance.data.length), 0);

export interface OpenService {
  readonly app: Hono;
  readonly service: Service;
  /** Models and tokens anew; requests that run go on with what they began with. Errors: as `openService`, and all stays as it was. */
  reload(): Promise<void>;
  /** No new work; resolves when what runs is answered. */
  drain(): Promise<void>;
}

/** Opens and describes all models. Errors: those of opening a model; BadFile for the tokens. */
export const openService = async ({
  models: paths,
  settings,
  start,
  readText,
  log,
  now,
  site,
}: ServiceOptions): Promise<OpenService> => {
  const { workers, threads, queue, seconds, model_bytes, pixels } = settings;
  const metrics = createMetrics();
  const room: Room = { bytes: model_bytes, pixels, ...(threads > 0 && { threads }) };
  const pool = new Pool({
    ...{ threads: workers, queue, seconds, start: () => start(room), ran: ({ rows }) => metrics.batches.observe(rows) },
    batching: {
      max_batch_size: settings.max_batch_size,
      dynamic_batching: {
        preferred_batch_size: settings.preferred_batch_size,
        max_queue_delay_microseconds: settings.max_queue_delay_microseconds,
      },
    },
  });
  let generation = 0;
  let [models, tokens]: [ReadonlyMap<string, Served>, Tokens | undefined] = [new Map(), undefined];
  let draining = false;
  let [running, idle]: [number, () => void] = [0, () => {}];

  const reload = async (): Promise<void> => {
    const next = generation + 1;
    const read = settings.tokens === "" ? undefined : readTokens(await readText(settings.tokens), settings.tokens);
    const served = new Map<string, Served>();
    for (const [name, path] of paths) {
      const model = { name, path, generation: next };
      served.set(name, { model, description: await pool.run({ do: "describe", model }, { patient: true }) });
    }
    [generation, models, tokens] = [next, served, read];
  };
  try {
    await reload();
  } catch (error) {
    await pool.close();
    throw error;
  }
  const service: Service = {
    get models() {
      return models;
    },
    get draining() {
      return draining;
    },
    cache: new Cache(settings.cache_bytes, sizeOf),
    ...{ pool, settings, metrics },
  };
  const around = async (answer: () => Promise<void>): Promise<void> => {
    running++;
    try {
      await answer();
    } finally {
      running--;
      if (running === 0) idle();
    }
  };
  return {
    app: createApp(service, { tokens: () => tokens, around, ...(log && { log }), ...(now && { now }), ...(site && { site }) }),
    service,
    reload,
    drain: async () => {
      draining = true;
      if (running > 0) await new Promise<void>((resolve) => (idle = resolve));
      await pool.close();
    },
  };
};

export interface Listening extends OpenService {
  readonly url: string;
  /** As `drain`, and the port is free afterwards. */
  close(): Promise<void>;
}

/** Errors: as `openService`; Usage where the port is taken. */
export const serve = async (options: ServiceOptions): Promise<Listening> => {
  const opened = await openService(options);
  const { host, port } = options.settings;
  const server = await new Promise<Server>((resolve, reject) => {
    const made = listen({ fetch: opened.app.fetch, hostname: host, port }, () => resolve(made as Server));
    made.once("error", (error: NodeJS.ErrnoException) => reject(cannotListen(host, port, error)));
  }).catch(async (error) => {
    await opened.drain();
    throw error;
  });
  const address = server.address() as AddressInfo;
  const named = host.includes(":") ? `[${host}]` : host;
  return {
    ...opened,
    url: `http://${named}:${address.port}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await opened.drain();
      server.closeIdleConnections();
      await closed;
    },
  };
};

const cannotListen = (host: string, port: number, cause: NodeJS.ErrnoException) =>
  fail(
    "Usage",
    {
      what: "cannot listen",
      where: `${host}:${port}`,
      why: cause.code === "EADDRINUSE" ? "the port is taken" : cause.message,
      fix: "choose another with --port",
    },
    cause,
  );
