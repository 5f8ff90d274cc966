/** Runs through a real queue, over each of the two kinds of server: planned, done, collected; failed, cancelled, declined. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { collected, jobsAt, jobsPage } from "../src/index.ts";
import { brokerAt } from "../src/queue/connect.ts";
import { type UnitData, unitsQueue } from "../src/queue/data.ts";
import { alone, engineHost, Fleet, resultOf, resultsIn } from "./support/fleet.ts";
import { brokers, missing, type Server, until } from "./support/servers.ts";

describe.each(brokers.map((kind) => ({ kind, name: kind.name })))("$name", ({ kind }) => {
  if (missing(kind)) return void test.skip(`${kind.name} is not installed`);
  let server: Server;
  let fleet: Fleet;
  beforeAll(async () => {
    server = await kind.make();
  });
  afterAll(() => server.remove());
  afterEach(() => fleet.close());
  const fresh = () => {
    fleet = new Fleet(server.url);
    return fleet;
  };

  test("three workers share a run, and its results are those of one process", async () => {
    fresh();
    const asked = { name: `three ${kind.name}`, count: 24, ms: 30 };
    const did = [0, 0, 0];
    await Promise.all(did.map((_, i) => fleet.worker(engineHost(), 1, () => did[i]!++)));
    const run = await fleet.submit(asked);
    const state = await fleet.reach(run, "done", "failed");
    expect(state).toMatchObject({ state: "done", done: 24, units: 24, failed: 0 });
    expect(did.every((units) => units > 0)).toBe(true);
    expect(resultsIn(fleet.store)).toEqual(await alone(asked));
    const { result } = await collected(state);
    expect(result).toEqual(Array.from({ length: 24 }, (_, unit) => resultOf(asked.name, unit)));
  });

  test("a unit that fails three times is named, the others are done; submitted again only what is missing is done", async () => {
    fresh();
    await fleet.worker();
    const asked = { name: `bad ${kind.name}`, count: 5, ms: 1, bad: [3] };
    const run = await fleet.submit(asked);
    const state = await fleet.reach(run, "done", "failed");
    expect(state).toMatchObject({ state: "failed", failed: 1, done: 4, units: 5 });
    expect(state.why).toBe("1 of 5 units failed 3 times: unit 3: unit 3 is bad");
    expect(resultsIn(fleet.store).length).toBe(4);
    await expect(collected(state)).rejects.toMatchObject({ _tag: "NotFound" });
    expect(await fleet.submit(asked)).toBe(run);
    expect((await fleet.reach(run, "failed")).failed).toBe(1);
  });

  test("a large run is cut into ranges of ranges: few of its units wait at a time, all are done, those that fail are named", async () => {
    fresh();
    const asked = { name: `ranges ${kind.name}`, count: 30, ms: 1, bad: [13] };
    await fleet.worker();
    const queue = brokerAt(server.url).queue<UnitData>(unitsQueue({ name: "none", version: "1", cpu: "any" }));
    await queue.waitUntilReady();
    const run = await fleet.submit(asked, { fan: 3 });
    let most = 0;
    await until(async () => {
      most = Math.max(most, await queue.getWaitingCount());
      return /done|failed/.test((await fleet.state(run)).state);
    }, "it has ended");
    const state = await fleet.state(run);
    expect(most).toBeLessThanOrEqual(4);
    expect(state).toMatchObject({ state: "failed", failed: 1, done: 29, units: 30 });
    expect(state.why).toBe("1 of 30 units failed 3 times: unit 13: unit 13 is bad");
    const { length } = await queue.getJobs(["wait", "active", "prioritized", "waiting-children", "completed", "failed"]);
    await queue.close();
    expect(length).toBe(0);
    const good = { name: `more ${kind.name}`, count: 20, ms: 1 };
    expect((await fleet.reach(await fleet.submit(good, { fan: 3 }), "done", "failed")).state).toBe("done");
  });

  test("a run is cancelled: what runs is stopped, what waits is not begun, what is done stays", async () => {
    fresh();
    await fleet.worker();
    const run = await fleet.submit({ name: `cancel ${kind.name}`, count: 300, ms: 20 });
    await until(async () => (await fleet.state(run)).done > 2, "some units are done");
    await using jobs = await jobsAt(server.url);
    await jobs.cancel(run);
    expect(await fleet.reach(run, "cancelled", "done", "failed")).toMatchObject({ state: "cancelled", why: "cancelled" });
    const { length } = resultsIn(fleet.store);
    expect(length).toBeGreaterThan(2);
    expect(length).toBeLessThan(300);
  });

  test("a run is bound to the first worker's kind of runtime; another declines with a notice, unless the run is mixed", async () => {
    fresh();
    const first = await fleet.worker(engineHost("a"));
    const run = await fleet.submit({ name: `bound ${kind.name}`, count: 100, ms: 20 });
    await until(async () => (await fleet.state(run)).done > 0, "the first has begun");
    expect((await fleet.state(run)).bound).toEqual({ name: "a", version: "1", cpu: "any" });
    await first.close();
    const { done } = await fleet.state(run);
    expect(done).toBeLessThan(100);
    await fleet.worker(engineHost("b"));
    expect(fleet.notes.join()).toContain(`run ${run.slice(0, 12)} is bound to a 1 on any and not worked on here (b 1 on any)`);
    const mixed = await fleet.submit({ name: `mixed ${kind.name}`, count: 2, ms: 1 }, { mixed: true });
    await fleet.reach(mixed, "done");
    expect((await fleet.state(run)).done).toBe(done);
    await fleet.worker(engineHost("a"));
    expect((await fleet.reach(run, "done", "failed")).state).toBe("done");
  });

  test("the same run is submitted once, however often it is", async () => {
    fresh();
    const asked = { name: `twice ${kind.name}`, count: 3, ms: 1 };
    const run = await fleet.submit(asked);
    await fleet.submit(asked);
    await fleet.worker();
    await fleet.reach(run, "done");
    await using jobs = await jobsAt(server.url);
    expect((await jobs.list()).filter((state) => state.run === run).length).toBe(1);
    expect(JSON.parse(readFileSync(join(fleet.store, "runs", run, "bound.json"), "utf8"))).toEqual({
      name: "none",
      version: "1",
      cpu: "any",
    });
    const page = await jobsPage(jobs, 0);
    const text = await (await fetch(page.url)).text();
    await page.close();
    expect(text).toContain(`<code>${run.slice(0, 12)}</code>`);
    expect(text).toContain("3 of 3");
    expect(text).not.toContain("<script");
  });
});

test("a queue that does not answer is said in one line", async () => {
  await expect(jobsAt("redis://:secret@127.0.0.1:1/")).rejects.toMatchObject({
    _tag: "Store",
    message: expect.stringMatching(/^the queue does not answer \(redis:\/\/127.0.0.1:1\/\): .*check its address/),
  });
  await expect(jobsAt("amqp://127.0.0.1")).rejects.toMatchObject({ _tag: "Usage" });
});
