/** The queue, batches, time limits and lost threads, with threads made of functions. */
import type { Tensors } from "@backlit/workbench";
import { describe, expect, test } from "vitest";
import type { Call, InferTask } from "../work/messages.ts";
import { Pool, type PoolOptions, type Thread } from "./index.ts";

const model = { name: "m", path: "m.onnx", generation: 1 };
const task: InferTask = { do: "infer", model, feeds: [{}], outputs: ["y"], asked: {} };

/** Where in its batch an answer stood. */
const at = (i: number): Tensors => ({ y: { type: "float32", dims: [1], data: Float32Array.of(i) } });

/** A thread whose answers the test gives. */
const handThread = () => {
  const calls: Call[] = [];
  let pool: Parameters<Thread["listen"]>[0];
  let heard: () => void = () => {};
  const thread: Thread = {
    postMessage: (call) => {
      calls.push(call);
      heard();
    },
    listen: (to) => {
      pool = to;
    },
    terminate: async () => pool.lost("ended"),
  };
  const lose = (why: string) => pool.lost(why);
  /** When so many calls are there. */
  const called = async (count: number) => {
    while (calls.length < count) await new Promise<void>((resolve) => (heard = resolve));
    return calls;
  };
  const answer = (call: Call) => {
    const feeds = (call as unknown as InferTask).feeds;
    pool.message({ id: call.id, value: feeds.map((_, i) => ({ tensors: at(i) })) });
  };
  return { thread, calls, lose, called, answer };
};

const poolOf = (threads: readonly Thread[], own: Partial<PoolOptions> = {}) => {
  const left = [...threads];
  return new Pool({
    ...{ threads: 1, queue: 2, seconds: 60, start: () => left.shift()! },
    batching: { max_batch_size: 4, dynamic_batching: { preferred_batch_size: [], max_queue_delay_microseconds: 0 } },
    ...own,
  });
};

describe("the pool", () => {
  test("runs what waits together, up to the largest batch, and only what belongs together", async () => {
    const hand = handThread();
    const pool = poolOf([hand.thread], { queue: 10 });
    const first = pool.run(task);
    const joined = [1, 2, 2].map((rows) => pool.run(task, { joins: { key: "a", rows } }));
    const other = pool.run(task, { joins: { key: "b", rows: 1 } });
    const sizes: number[] = [];
    for (let i = 1; i <= 4; i++) {
      const call = (await hand.called(i))[i - 1]!;
      sizes.push((call as unknown as InferTask).feeds.length);
      hand.answer(call);
    }
    expect(sizes).toEqual([1, 2, 1, 1]); // alone; 1 + 2 rows; 2 rows, which did not fit; another key
    expect(await Promise.all(joined)).toEqual([0, 1, 0].map((i) => [{ tensors: at(i) }]));
    await Promise.all([first, other]);
    await pool.close();
  });

  test("waits for a preferred size, and not longer than the delay", async () => {
    const hand = handThread();
    const dynamic_batching = { preferred_batch_size: [2], max_queue_delay_microseconds: 3.6e9 };
    const pool = poolOf([hand.thread], { batching: { max_batch_size: 8, dynamic_batching } });
    const both = [pool.run(task, { joins: { key: "a", rows: 1 } })];
    expect(hand.calls).toEqual([]);
    both.push(pool.run(task, { joins: { key: "a", rows: 1 } }));
    hand.answer((await hand.called(1))[0]!);
    expect(await Promise.all(both)).toHaveLength(2);
    const soon = handThread();
    const short = { preferred_batch_size: [], max_queue_delay_microseconds: 1 };
    const second = poolOf([soon.thread], { batching: { max_batch_size: 8, dynamic_batching: short } });
    const alone = second.run(task, { joins: { key: "a", rows: 1 } });
    soon.answer((await soon.called(1))[0]!);
    await alone;
    await Promise.all([pool.close(), second.close()]);
  });

  test("refuses what is too many, and takes work again when there is room", async () => {
    const hand = handThread();
    const pool = poolOf([hand.thread]);
    const taken = [pool.run(task), pool.run(task), pool.run(task)];
    await expect(pool.run(task)).rejects.toMatchObject({ status: 503, retryAfter: 1, message: "2 requests are waiting" });
    for (let i = 1; i <= 3; i++) hand.answer((await hand.called(i))[i - 1]!);
    await Promise.all(taken);
    const again = pool.run(task);
    hand.answer((await hand.called(4))[3]!);
    await again;
    await pool.close();
  });

  test("stops what takes too long, and what nobody waits for", async () => {
    const hand = handThread();
    const pool = poolOf([hand.thread], { seconds: 0.001 });
    await expect(pool.run(task)).rejects.toMatchObject({ status: 504 });
    expect((await hand.called(2))[1]).toEqual({ do: "stop", id: 0 });
    await pool.close();
    const other = handThread();
    const patient = poolOf([other.thread]);
    const caller = new AbortController();
    const gone = patient.run(task, { signal: caller.signal });
    caller.abort();
    await expect(gone).rejects.toThrow("the caller is gone");
    expect((await other.called(2))[1]).toEqual({ do: "stop", id: 0 });
    await patient.close();
  });

  test("starts another thread where one ends", async () => {
    const [hand, other] = [handThread(), handThread()];
    const pool = poolOf([hand.thread, other.thread]);
    const [lost, next] = [pool.run(task), pool.run(task)];
    hand.lose("out of memory");
    await expect(lost).rejects.toMatchObject({ status: 500, message: "the work was lost: out of memory" });
    other.answer((await other.called(1))[0]!);
    await next;
    await pool.close();
    await expect(pool.run(task)).rejects.toMatchObject({ status: 503, retryAfter: 5 });
  });
});
