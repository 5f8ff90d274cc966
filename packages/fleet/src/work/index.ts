/** The thread that computes: planning, units and collecting, one after another, away from the queue's heartbeat. */
import { oneRuntime, sentError, silent, type Units, unitKinds } from "@backlit/workbench";
import { type RunResult, resultName } from "../run-record.ts";
import { json, type Objects, putBlob } from "../store/objects.ts";
import { openObjects } from "../store/open.ts";
import { steadfast } from "../store/steadfast.ts";
import type { Answer, Call, Planned, Task, Ticket } from "./messages.ts";
import { kindOf, type OpenRun, openRun, type Workplace } from "./open-run.ts";

/** What a thread hears and answers through: a `parentPort`, one end of a `MessageChannel`. */
export interface Port {
  on(event: "message", listen: (call: Call) => void): unknown;
  postMessage(answer: unknown): void;
}

/** `kinds`: jobs it can do beside evaluate, explain and concepts. */
export type WorkplaceOptions = Pick<Workplace, "host" | "cache"> & Partial<Pick<Workplace, "kinds">>;

interface Opened extends Ticket {
  readonly run: string;
  readonly open: OpenRun;
  readonly objects: Objects;
  units?: Promise<Units>;
}

/** Works on the tasks that come through `port` until the thread ends. One run is open at a time. */
export const workIn = (port: Port, { host, cache, kinds = {} }: WorkplaceOptions): void => {
  const place: Workplace = { host, cache, kinds: { ...unitKinds, ...kinds } as Workplace["kinds"] };
  const note = (text: string) => port.postMessage({ note: text } satisfies Answer);
  let opened: Opened | undefined;
  let stop = new AbortController(); // of the run that is open, or being opened

  const close = async () => {
    const last = opened;
    opened = undefined;
    const units = await last?.units?.catch(() => undefined);
    await units?.[Symbol.asyncDispose]();
  };
  const openedRun = async ({ run, store }: Ticket, counted: boolean): Promise<Opened> => {
    if (opened?.run === run && opened.store === store && !stop.signal.aborted) return opened;
    await close();
    stop = new AbortController();
    const objects = steadfast(openObjects(store), {
      note: (why, wait) => note(`${why}; tried again in ${wait / 1000} s`),
      signal: stop.signal,
    });
    const own = kindOf(await oneRuntime(host, () => {}));
    const open = await openRun(run, { place, objects, own, counted }, { listener: { ...silent, note }, signal: stop.signal });
    opened = { run, store, open, objects };
    return opened;
  };
  const unitsOf = (run: Opened) => {
    run.units ??= run.open.units();
    return run.units;
  };

  const done = async (task: Task): Promise<unknown> => {
    if (task.do === "who") return kindOf(await oneRuntime(host, () => {}));
    const run = await openedRun(task, task.do === "plan");
    if (task.do === "unit") return (await unitsOf(run)).run(task.unit);
    if (task.do === "collect") return kept(task.run, run);
    const { count } = await unitsOf(run);
    const { record, bound } = run.open;
    return { units: count, ...(!record.mixed && { bound }) } satisfies Planned;
  };

  const answer = async ({ id, ...task }: Task & { readonly id: number }): Promise<void> => {
    try {
      port.postMessage({ id, value: await done(task as Task) } satisfies Answer);
    } catch (error) {
      // A model that failed may be in any state.
      await close().catch(() => {});
      port.postMessage({ id, error: sentError(error) } satisfies Answer);
    }
  };

  let last = Promise.resolve();
  port.on("message", (call) => {
    if (call.do === "stop") return stop.abort();
    last = last.then(() => answer(call));
  });
};

/** The result into the store, its files first: who sees a result sees all of it. */
const kept = async (run: string, { open, objects }: Opened): Promise<void> => {
  const { result, files } = await open.collect();
  const named: [string, string][] = [];
  for await (const { path, chunks } of files) {
    const parts: Uint8Array[] = [];
    for await (const chunk of chunks) parts.push(chunk.slice());
    named.push([path, await putBlob(objects, Buffer.concat(parts))]);
  }
  await objects.put(resultName(run), json({ v: 1, result, files: named } satisfies RunResult));
};
