/**
 * Sessions of one explainer, kept as long as there is room: those used least recently are closed first, and opened again when they are
 * run after all. The room is counted in bytes: a session holds a model's weights, packed for its kernels and partly folded, and an
 * engine of its own.
 */
import type { ModelProto } from "../onnx/index.ts";
import type { Session } from "../runtime/runtime.ts";

/** What an engine takes beside weights. */
const ENGINE = 2 ** 21;
/** Room when nobody says: this, or for so many sessions of the largest. */
const [ROOM, SESSIONS] = [2 ** 26, 8];

export interface Opening {
  /** `sessionBytes` of its model. */
  readonly bytes: number;
  open(): Promise<Session>;
  /** It was closed to make room. */
  closed?(): void;
}

interface Kept extends Opening {
  /** Undefined while it is closed. */
  session: Promise<Session> | undefined;
  running: number;
}

/** An estimate: weights once as they are and once as kernels want them. */
export const sessionBytes = ({ graph: { initializer } }: ModelProto): number =>
  ENGINE + 2 * initializer.reduce((sum, { rawData, dims }) => sum + (rawData?.length ?? 4 * dims.reduce((a, b) => a * b, 1)), 0);

export class Sessions implements AsyncDisposable {
  /** Least recently used first. */
  readonly #kept = new Set<Kept>();

  /** `room`: bytes of all sessions together; one more than fits is kept where that is the one in use. */
  constructor(readonly room?: number) {}

  async keep(opening: Opening): Promise<Session> {
    const kept: Kept = { ...opening, session: undefined, running: 0 };
    const { inputNames, outputNames } = await this.#opened(kept);
    const release = () => this.#close(kept);
    return {
      inputNames,
      outputNames,
      run: async (feeds, fetches) => {
        kept.running++;
        try {
          return await (await this.#opened(kept)).run(feeds, fetches);
        } finally {
          kept.running--;
        }
      },
      release,
      [Symbol.asyncDispose]: release,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#kept].map((kept) => this.#close(kept)));
  }

  async #opened(kept: Kept): Promise<Session> {
    this.#kept.delete(kept);
    this.#kept.add(kept);
    if (kept.session === undefined) {
      kept.session = kept.open();
      kept.session.catch(() => this.#forget(kept));
      const opening = kept.session;
      await this.#makeRoom(kept);
      return opening; // another one may have needed its room meanwhile, and one that failed says why
    }
    return kept.session;
  }

  async #makeRoom(wanted: Kept): Promise<void> {
    const all = [...this.#kept];
    let over = all.reduce((sum, { bytes }) => sum + bytes, 0) - this.#roomFor(all);
    for (const kept of all) {
      if (over <= 0) return;
      if (kept === wanted || kept.running > 0) continue;
      over -= kept.bytes;
      kept.closed?.();
      await this.#close(kept);
    }
  }

  #roomFor(all: readonly Kept[]): number {
    return this.room ?? all.reduce((room, { bytes }) => Math.max(room, SESSIONS * bytes), ROOM);
  }

  #forget(kept: Kept): void {
    this.#kept.delete(kept);
    kept.session = undefined;
  }

  async #close(kept: Kept): Promise<void> {
    const { session } = kept;
    this.#forget(kept);
    await (await session?.catch(() => undefined))?.release();
  }
}
