/**
 * Whatever is killed, the results are those of one process, byte for byte. Real servers, real processes. FLEET=long (npm run test:fleet)
 * kills more of them, at more moments; moments are drawn from a seed that is printed.
 */
import { chmodSync, existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { brokerAt } from "../src/queue/connect.ts";
import { type UnitData, unitsQueue } from "../src/queue/data.ts";
import { alone, Fleet, resultsIn, type Sleep } from "./support/fleet.ts";
import { cableTo } from "./support/proxy.ts";
import { brokers, ended, missing, type Server, until } from "./support/servers.ts";

const LONG = process.env.FLEET === "long";
const KILLS = LONG ? 10 : 1;
/** The whole takes minutes: the suite kills a worker of the one server, and the other server. */
const long = test.runIf(LONG);
const seed = Number(process.env.SEED ?? Date.now() % 1e6);
console.log(`moments of seed ${seed}`);
let state = seed;
/** Park and Miller's, so that a failure can be repeated. */
const random = (below: number): number => {
  state = (48271 * (state + 1)) % 0x7fffffff;
  return state % below;
};

describe.each(brokers.map((kind) => ({ kind, name: kind.name })))("$name", ({ kind }) => {
  if (missing(kind)) return void test.skip(`${kind.name} is not installed`);
  let server: Server;
  let fleet: Fleet;
  beforeEach(async () => {
    server = await kind.make();
    fleet = new Fleet(server.url);
  });
  afterEach(async () => {
    await fleet.close();
    await server.remove();
  });
  const asked = (count: number, ms: number): Sleep => ({ name: `kill ${kind.name} ${seed}`, count, ms });
  const right = async (run: string, request: Sleep) => {
    const end = await fleet.reach(run, "done", "failed");
    expect(end.why).toBeUndefined();
    expect(end).toMatchObject({ state: "done", failed: 0 });
    expect(resultsIn(fleet.store)).toEqual(await alone(request));
  };
  const done = (run: string, units: number) =>
    until(async () => (await fleet.state(run).catch(() => ({ done: 0 }))).done >= units, `${units} units are done`);

  test.runIf(LONG || kind.name === "Redis")("workers are killed at random moments, one ends by SIGTERM", async () => {
    const request = asked(30 + 10 * KILLS, 30);
    const run = await fleet.submit(request, { fan: 7 }); // so that ranges are under way too
    let victim = await fleet.process();
    await fleet.process();
    for (let kill = 0; kill < KILLS; kill++) {
      await done(run, (kill + 1) * 5 + random(5));
      victim.kill("SIGKILL");
      victim = await fleet.process();
    }
    victim.kill("SIGTERM");
    expect(await ended(victim)).toBe(0);
    expect(fleet.notes.join("")).toContain("ended");
    await right(run, request);
  });

  test.runIf(LONG || kind.name === "PostgreSQL")("the queue's server is killed and starts again", async () => {
    const request = asked(40, 30);
    const run = await fleet.submit(request);
    await fleet.process();
    await fleet.process();
    for (let kill = 0; kill < (LONG ? 3 : 1); kill++) {
      await done(run, 10 * kill + 3 + random(5));
      await server.kill();
      await server.start();
    }
    await right(run, request);
  });

  long("a worker is cut off from the queue, its unit is done by another, and both write the same", async () => {
    const request = asked(30, 60);
    const cable = await cableTo(server.url);
    const run = await fleet.submit(request);
    await fleet.process({}, cable.url);
    await done(run, 2 + random(3));
    cable.cut();
    await fleet.process();
    await done(run, 20);
    cable.mend();
    await right(run, request);
    cable.close();
  });

  long("clocks are wrong by an hour, both ways", async () => {
    const request = { ...asked(20, 20) };
    const run = await fleet.submit(request);
    const clock = ["--import", new URL("support/clock.js", import.meta.url).href];
    const late = await fleet.process({ CLOCK: "3600000" }, server.url, clock);
    await done(run, 3);
    const early = await fleet.process({ CLOCK: "-3600000" }, server.url, clock);
    await done(run, 8);
    late.kill("SIGKILL");
    await right(run, request);
    expect(early.exitCode).toBeNull();
  });

  long("a unit that is delivered twice comes to one result", async () => {
    const request = asked(10, 50);
    const run = await fleet.submit(request);
    const queue = brokerAt(server.url).queue<UnitData>(unitsQueue({ name: "none", version: "1", cpu: "any" }));
    const again = Array.from({ length: 10 }, (_, unit) => ({
      name: "unit",
      data: { v: 1 as const, run, store: fleet.store, unit },
    }));
    await queue.addBulk([...again, ...again]);
    await fleet.process();
    await fleet.process();
    await right(run, request);
    await queue.close();
  });

  long("a unit that ends its worker three times is named, and the others are done", async () => {
    const request = { ...asked(6, 10), deadly: [2] };
    const run = await fleet.submit(request);
    const again = async () => {
      const worker = await fleet.process();
      await ended(worker);
    };
    for (let death = 0; death < 3; death++) await again();
    await fleet.process();
    const end = await fleet.reach(run, "done", "failed");
    expect(end).toMatchObject({ state: "failed", failed: 1, done: 5 });
    expect(end.why).toMatch(/^1 of 6 units failed 3 times: unit 2: .*stalled/);
  });
});

describe("a store", () => {
  const [kind] = brokers;
  if (missing(kind!)) return void test.skip("Redis is not installed");
  let server: Server;
  let fleet: Fleet;
  beforeEach(async () => {
    server = await kind!.make();
    fleet = new Fleet(server.url);
  });
  afterEach(async () => {
    await fleet.close();
    await server.remove();
  });

  long("that is away for a while is waited for", async () => {
    const request: Sleep = { name: "away", count: 20, ms: 20 };
    const run = await fleet.submit(request);
    await fleet.process();
    await until(async () => (await fleet.state(run)).done > 3, "some units are done");
    await rename(fleet.store, `${fleet.store}-away`);
    // A folder that cannot be made stands for a server that does not answer.
    const { writeFileSync, rmSync } = await import("node:fs");
    if (existsSync(fleet.store)) rmSync(fleet.store, { recursive: true });
    writeFileSync(fleet.store, "");
    chmodSync(fleet.store, 0o400);
    await until(() => fleet.notes.join("").includes("the store does not answer"), "a worker says so");
    rmSync(fleet.store);
    await rename(`${fleet.store}-away`, fleet.store);
    const end = await fleet.reach(run, "done", "failed");
    expect(end).toMatchObject({ state: "done", failed: 0 });
    expect(resultsIn(fleet.store)).toEqual(await alone(request));
  });
});
