/** A thread's side of the service: tasks come as messages and are done one after another. */
import { type Host, sentError } from "@backlit/workbench";
import { describe } from "./describe.ts";
import { explain } from "./explain.ts";
import { infer } from "./infer.ts";
import type { Answer, Call, Results, Task } from "./messages.ts";
import { OpenModels, type Room } from "./open-models.ts";

export type { Room } from "./open-models.ts";

/** What a thread hears and answers through: a `parentPort`, one end of a `MessageChannel`. */
export interface Port {
  on(event: "message", listen: (call: Call) => void): unknown;
  postMessage(answer: unknown): void;
}

/** Works on the tasks that come through `port`, with what `host` offers, until the thread ends. */
export const workIn = (port: Port, host: Host, room: Room): void => {
  const models = new OpenModels(host, room);
  const stops = new Map<number, AbortController>();

  const done = async (task: Task, signal: AbortSignal, onProgress: (text: string) => void): Promise<Results[keyof Results]> => {
    const lit = await models.open(task.model);
    if (task.do === "describe") return describe(lit);
    if (task.do === "infer") return infer(lit, task, signal);
    return explain(lit, task, { signal, pictures: host.pictures, ...(task.told && { onProgress }) });
  };

  const answer = async ({ id, ...task }: Task & { readonly id: number }, { signal }: AbortController): Promise<void> => {
    const tell = (progress: string) => port.postMessage({ id, progress } satisfies Answer);
    try {
      port.postMessage({ id, value: await done(task as Task, signal, tell) } satisfies Answer);
    } catch (error) {
      port.postMessage({ id, error: sentError(error) } satisfies Answer);
    } finally {
      stops.delete(id);
    }
  };

  let last = Promise.resolve();
  port.on("message", (call: Call) => {
    if (call.do === "stop") return stops.get(call.id)?.abort();
    const stop = new AbortController();
    stops.set(call.id, stop);
    last = last.then(() => answer(call, stop));
  });
};
