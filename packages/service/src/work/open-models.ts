/** Models a thread keeps open, those used least recently closed first when their bytes exceed the room. */
import { type Host, type OpenModel, oneRuntime, openBundle, openModel } from "@backlit/workbench";
import { fenced } from "./fenced.ts";
import type { ModelName } from "./messages.ts";

export interface Room {
  /** Bytes of all open models and their sessions together; the one in use is kept whatever it takes. */
  readonly bytes: number;
  /** Pixels of a picture. */
  readonly pixels: number;
  /** Of the engine, for one pass. */
  readonly threads?: number;
}

interface Kept {
  readonly model: Promise<OpenModel>;
  bytes: number;
}

export class OpenModels {
  /** Least recently used first. */
  readonly #kept = new Map<string, Kept>();

  constructor(
    readonly host: Host,
    readonly room: Room,
  ) {}

  /** Errors: NotFound, BadFile, BadModel, Runtime. */
  async open(model: ModelName): Promise<OpenModel> {
    const key = `${model.path}\n${model.generation}`;
    const known = this.#kept.get(key);
    this.#kept.delete(key);
    const kept = known ?? { model: this.#load(model), bytes: 0 };
    this.#kept.set(key, kept);
    try {
      const lit = await kept.model;
      // Sessions of several recipes stay open beside the model's own bytes.
      kept.bytes = lit.bundle.size + sessionRoom(lit.bundle.size);
      await this.#makeRoom(key);
      return lit;
    } catch (error) {
      this.#kept.delete(key);
      throw error;
    }
  }

  async close(): Promise<void> {
    const all = [...this.#kept.values()];
    this.#kept.clear();
    await Promise.allSettled(all.map(async ({ model }) => (await model).release()));
  }

  async #load({ name, path }: ModelName): Promise<OpenModel> {
    const { host, room } = this;
    const bundle = await openModel(host, path);
    const runtime = await oneRuntime(host, () => {});
    const { threads } = room;
    const limited =
      threads === undefined
        ? runtime
        : {
            ...runtime,
            createSession: (...[bytes, options]: Parameters<typeof runtime.createSession>) =>
              runtime.createSession(bytes, { threads, ...options }),
          };
    // Callers are told the model's name, not where it lies.
    const named = { ...bundle, name, path: name, files: [name] };
    const options = { runtime: limited, sessionBytes: sessionRoom(bundle.size), name };
    return openBundle(fenced(host, bundle.dir, room.pixels), named, options);
  }

  async #makeRoom(wanted: string): Promise<void> {
    let over = [...this.#kept.values()].reduce((sum, { bytes }) => sum + bytes, 0) - this.room.bytes;
    for (const [key, { model, bytes }] of this.#kept) {
      if (over <= 0) return;
      if (key === wanted) continue;
      over -= bytes;
      this.#kept.delete(key);
      await (await model).release();
    }
  }
}

/** For the sessions of one model: four of its own, at least as much as small ones take. */
const sessionRoom = (size: number): number => Math.max(2 ** 26, 8 * size);
