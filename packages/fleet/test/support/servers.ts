/** Real servers that tests start, stop and kill: Redis and PostgreSQL as Debian packages them. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import Redis from "ioredis";
import pg from "pg";

export interface Server {
  readonly url: string;
  /** As a power cut would. */
  kill(): Promise<void>;
  /** With what it had written. */
  start(): Promise<void>;
  readonly pid: number;
  remove(): Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** Ends with the tests, whatever becomes of them. */
const children = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

export const started = (command: string, args: readonly string[], options: object = {}): ChildProcess => {
  const child = spawn(command, args, { stdio: "ignore", ...options });
  children.add(child);
  child.on("exit", () => children.delete(child));
  return child;
};

export const ended = (child: ChildProcess): Promise<number | null> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((resolve) => child.on("exit", (code) => resolve(code)));

/** Asks until it is true. */
export const until = async (ask: () => Promise<boolean> | boolean, what: string, seconds = 100): Promise<void> => {
  const end = performance.now() + 1000 * seconds;
  while (!(await ask())) {
    if (performance.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
};

const works = (ask: () => Promise<unknown>) => (): Promise<boolean> =>
  ask().then(
    () => true,
    () => false,
  );

interface Kind {
  readonly name: string;
  readonly program: string | undefined;
  make(): Promise<Server>;
}

const server = async (url: string, folder: string, run: () => ChildProcess, answers: () => Promise<unknown>): Promise<Server> => {
  let child: ChildProcess;
  const start = async () => {
    child = run();
    await until(async () => {
      // PostgreSQL does not start while processes of its last life still end.
      if (child.exitCode !== null || child.signalCode !== null) child = run();
      return works(answers)();
    }, `${url} answers`);
  };
  await start();
  const kill = async () => {
    // PostgreSQL's children outlive it otherwise and hold its shared memory.
    process.kill(-child.pid!, "SIGKILL");
    await ended(child);
  };
  return {
    url,
    kill,
    start,
    get pid() {
      return child.pid!;
    },
    remove: async () => {
      await kill().catch(() => {});
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};

const folderFor = (name: string): string => mkdtempSync(join(tmpdir(), `backlit-${name}-`));

/** `appendfsync always`: what was answered is on the disk. */
const redis: Kind = {
  name: "Redis",
  program: found("redis-server", []),
  make: async () => {
    const [port, folder] = [await freePort(), folderFor("redis")];
    const args = [
      "--port",
      `${port}`,
      "--bind",
      "127.0.0.1",
      "--dir",
      folder,
      "--save",
      "",
      "--appendonly",
      "yes",
      "--appendfsync",
      "always",
    ];
    const url = `redis://127.0.0.1:${port}`;
    return server(
      url,
      folder,
      () => started(redis.program!, args, { detached: true }),
      async () => {
        const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
        client.on("error", () => {});
        try {
          await client.connect();
          await client.ping(); // not while it loads
        } finally {
          client.disconnect();
        }
      },
    );
  },
};

/** Debian's programs are not on the path, and none of them runs as root. */
const postgres: Kind = {
  name: "PostgreSQL",
  program: found("postgres", debianFolders()),
  make: async () => {
    const [port, folder] = [await freePort(), folderFor("postgres")];
    const other = userInfo().uid === 0 ? owner() : undefined;
    if (other) chownSync(folder, other.uid, other.gid);
    const who = other ?? {};
    const data = join(folder, "data");
    const bin = (name: string) => postgres.program!.replace(/postgres$/, name);
    execFileSync(bin("initdb"), ["-D", data, "-A", "trust", "-U", "postgres", "--no-sync"], { ...who, stdio: "ignore" });
    const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
    const args = ["-D", data, "-p", `${port}`, "-k", folder, "-c", "listen_addresses=127.0.0.1"];
    return server(
      url,
      folder,
      () => {
        rmSync(join(data, "postmaster.pid"), { force: true });
        return started(postgres.program!, args, { ...who, detached: true });
      },
      async () => {
        const client = new pg.Client({ connectionString: url });
        client.on("error", () => {});
        await client.connect();
        await client.end();
      },
    );
  },
};

function debianFolders(): string[] {
  const root = "/usr/lib/postgresql";
  return existsSync(root) ? readdirSync(root).map((version) => `${root}/${version}/bin`) : [];
}

function found(name: string, more: readonly string[]): string | undefined {
  return [...more, ...(process.env.PATH ?? "").split(":")].map((folder) => join(folder, name)).find((path) => existsSync(path));
}

function owner(): { readonly uid: number; readonly gid: number } {
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"]).toString());
  return { uid: id("-u"), gid: id("-g") };
}

export const brokers: readonly Kind[] = [redis, postgres];

/** Where a server is missing its tests are left out, with a word; a whole check has them all. */
export const missing = ({ name, program }: Kind): boolean => {
  if (program !== undefined) return false;
  if (process.env.CI) throw new Error(`${name} is not installed`);
  console.warn(`${name} is not installed: its tests are left out`);
  return true;
};

export const scratch = (): string => {
  const folder = folderFor("fleet");
  mkdirSync(join(folder, "store"));
  return folder;
};
