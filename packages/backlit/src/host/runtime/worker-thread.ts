/** A worker's side of the runtime: sessions live here, calls come as messages and are done one after another. */
import { parentPort } from "node:worker_threads";
import type { Session, Tensor } from "@backlit/core";
import { type Answer, buffersOf, type Created, type Ready, type Request, sentError } from "@backlit/workbench";
import { nodeRuntime } from "./node.ts";

const port = parentPort!;
const notices: string[] = [];
const runtime = await nodeRuntime((text) => void notices.push(text));
const sessions = new Map<number, Session>();

const work = async (request: Request): Promise<unknown> => {
  if (request.do === "create") {
    const session = await runtime.createSession(request.model, request.options);
    sessions.set(request.id, session);
    const { inputNames, outputNames } = session;
    return { session: request.id, inputNames, outputNames } satisfies Created;
  }
  const session = sessions.get(request.session)!;
  if (request.do === "run") return session.run(request.feeds, request.fetches);
  sessions.delete(request.session);
  return session.release();
};

const answer = async (request: Request): Promise<void> => {
  try {
    const value = await work(request);
    if (request.do !== "run") return port.postMessage({ id: request.id, value } satisfies Answer);
    const made = buffersOf(Object.values(value as Record<string, Tensor>));
    const back = buffersOf(Object.values(request.feeds)).filter((buffer) => !made.includes(buffer));
    port.postMessage({ id: request.id, value, back } satisfies Answer, [...made, ...back]);
  } catch (error) {
    port.postMessage({ id: request.id, error: sentError(error) } satisfies Answer);
  }
};

let last = Promise.resolve();
port.on("message", (request: Request) => {
  last = last.then(() => answer(request));
});
const { createSession: _, opensFiles = false, ...told } = runtime;
port.postMessage({ ...told, opensFiles, notices } satisfies Ready);
