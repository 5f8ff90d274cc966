/** The queue by its URL: BullMQ over Redis or PostgreSQL. */
import { fail } from "@backlit/core";
import {
  type ConnectionOptions,
  createPostgresBackend,
  createRedisBackend,
  Queue,
  type QueueOptions,
  Worker,
  type WorkerOptions,
} from "bullmq";
import type { RunData, UnitData } from "./data.ts";

export interface Broker {
  queue<D extends RunData | UnitData>(name: string): Queue<D>;
  worker<D extends RunData | UnitData>(
    name: string,
    process: (job: JobOf<D>, token?: string) => Promise<unknown>,
    options: Omit<WorkerOptions, "connection">,
  ): Worker<D>;
}

export type JobOf<D> = Parameters<Exclude<ConstructorParameters<typeof Worker<D>>[1], string | URL | null | undefined>>[0];

/** All names of ours in a Redis that others use too; the schema in PostgreSQL. */
const NAMESPACE = "backlit";

/** Milliseconds between tries to reach it again, at most. */
const RETRY = 2000;

/** `url`: redis://, rediss://, postgres:// or postgresql://. Errors: Usage. */
export const brokerAt = (url: string): Broker => {
  const { factory, options } = backendOf(url);
  return {
    queue: (name) => new Queue(name, options as QueueOptions, factory as never) as never,
    worker: (name, process, more) =>
      new Worker(name, process as never, { ...(options as QueueOptions), ...more } as WorkerOptions, factory as never) as never,
  };
};

const backendOf = (url: string) => {
  const { protocol } = parsed(url);
  if (protocol === "redis:" || protocol === "rediss:")
    return { factory: createRedisBackend, options: { connection: redisAt(url), prefix: NAMESPACE } };
  if (protocol === "postgres:" || protocol === "postgresql:")
    return {
      factory: createPostgresBackend,
      options: {
        connection: { connectionString: url, schema: NAMESPACE, migrate: true, max: 4, connectionTimeoutMillis: 10_000 },
      },
    };
  throw fail("Usage", { what: `a queue at ${protocol}//`, fix: "redis://, rediss:// or postgres://" });
};

const parsed = (url: string): URL => {
  try {
    return new URL(url);
  } catch {
    throw fail("Usage", { what: `a queue at '${url}'`, fix: "give a URL: redis://HOST:6379 or postgres://USER@HOST/DATABASE" });
  }
};

const redisAt = (url: string): ConnectionOptions => {
  const { protocol, hostname, port, username, password, pathname } = parsed(url);
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? 6379 : Number(port),
    ...(username !== "" && { username: decodeURIComponent(username) }),
    ...(password !== "" && { password: decodeURIComponent(password) }),
    ...(pathname.length > 1 && { db: Number(pathname.slice(1)) }),
    ...(protocol === "rediss:" && { tls: {} }),
    maxRetriesPerRequest: null,
    retryStrategy: (times: number) => Math.min(RETRY, 50 * 2 ** times),
  };
};

/** Waits for the queue to answer: 10 seconds, a second when it refuses. Its errors are said in one line. Errors: Store. */
export const reached = async <D>(queue: Queue<D>, url: string): Promise<Queue<D>> => {
  const timers: ReturnType<typeof setTimeout>[] = [];
  const late = new Promise<never>((_, reject) => {
    timers.push(setTimeout(() => reject(new Error("no answer in 10 s")), 10_000));
    queue.on("error", (error) => {
      timers.push(setTimeout(() => reject(error), 1000));
    });
  });
  try {
    await Promise.race([queue.waitUntilReady(), late]);
    return queue;
  } catch (error) {
    void queue.close().catch(() => {});
    throw fail(
      "Store",
      {
        what: "the queue does not answer",
        where: withoutSecret(url),
        why: messageOf(error),
        fix: "check its address and that it runs",
      },
      error,
    );
  } finally {
    for (const timer of timers) clearTimeout(timer);
    late.catch(() => {});
  }
};

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message || String((error as NodeJS.ErrnoException).code) : "no connection";

const withoutSecret = (url: string): string => {
  const shown = parsed(url);
  shown.password = "";
  return shown.href;
};

/** Closed when its user is done. */
export const closed = <D>(queue: Queue<D>) => {
  queue.on("error", () => {}); // what does not go through is thrown where it was asked
  return { queue, [Symbol.asyncDispose]: () => queue.close() };
};
