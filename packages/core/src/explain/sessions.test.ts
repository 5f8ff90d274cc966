import { expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { floats, model } from "../../test/support/run.ts";
import { encodeModelBytes } from "../onnx/index.ts";
import type { Runtime, Session } from "../runtime/runtime.ts";
import { load } from "./explainer.ts";
import { Sessions } from "./sessions.ts";

const log: string[] = [];
const opening = (name: string, bytes: number, run: () => Promise<object> = async () => ({})) => ({
  bytes,
  open: async (): Promise<Session> => {
    log.push(`open ${name}`);
    const release = async () => void log.push(`close ${name}`);
    return { inputNames: [name], outputNames: [], run: run as Session["run"], release, [Symbol.asyncDispose]: release };
  },
  closed: () => void log.push(`room for ${name} gone`),
});
const logged = () => log.splice(0);

test("the least recently used are closed, and opened again when they are run", async () => {
  const sessions = new Sessions(10);
  const [a, b] = [await sessions.keep(opening("a", 4)), await sessions.keep(opening("b", 4))];
  await a.run({});
  expect(logged()).toEqual(["open a", "open b"]);
  await sessions.keep(opening("c", 4));
  expect(logged()).toEqual(["open c", "room for b gone", "close b"]);
  await b.run({});
  expect(logged()).toEqual(["open b", "room for a gone", "close a"]);
  await sessions[Symbol.asyncDispose]();
  expect(logged()).toEqual(["close c", "close b"]);
});

test("what runs stays open; what is larger than the room is alone", async () => {
  const sessions = new Sessions(10);
  let finish = () => {};
  const a = await sessions.keep(opening("a", 6, () => new Promise((resolve) => (finish = () => resolve({})))));
  const running = a.run({});
  await Promise.resolve();
  await sessions.keep(opening("b", 6));
  expect(logged()).toEqual(["open a", "open b"]);
  finish();
  await running;
  await sessions.keep(opening("c", 60));
  expect(logged()).toEqual(["open c", "room for a gone", "close a", "room for b gone", "close b"]);
});

test("a session that does not open is not kept", async () => {
  const sessions = new Sessions(10);
  await expect(sessions.keep({ bytes: 1, open: async () => Promise.reject(new Error("no")) })).rejects.toThrow("no");
  await sessions[Symbol.asyncDispose]();
  expect(logged()).toEqual([]);
});

test("an explainer of many recipes holds few sessions, and gives the same numbers", async () => {
  const runtime = await nodeRuntime();
  let [open, most] = [0, 0];
  const counting: Runtime = {
    ...runtime,
    createSession: async (...given) => {
      const session = await runtime.createSession(...given);
      most = Math.max(most, ++open);
      const release = async () => {
        open--;
        await session.release();
      };
      return { ...session, release };
    },
  };
  const net = encodeModelBytes(model("net (float[N,3] x) => (float[N,2] y) <float[3,2] w = random(1)> { y = MatMul(x, w) }"));
  const lit = await load(net, { runtime: counting, sessionBytes: 10 * 2 ** 20 });
  const x = floats([1, 3], [1, 2, 3]);
  const explained = (gamma: number) => lit.explain(x, { composite: { name: "gamma", params: { gamma } }, target: 1 });
  const first = await explained(0.5);
  for (let i = 1; i <= 20; i++) await explained(i);
  expect(most).toBeLessThan(7);
  expect((await explained(0.5)).relevance.data).toEqual(first.relevance.data);
  await lit[Symbol.asyncDispose]();
  expect(open).toBe(0);
});
