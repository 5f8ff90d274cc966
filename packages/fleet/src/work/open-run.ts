/** A run opened in a thread: its files from the store, its units ready to be done. */
import { fail, type Runtime, VERSION } from "@backlit/core";
import type { Collected, Host, JobContext, KeptStore, UnitKind, Units } from "@backlit/workbench";
import { stagedFiles } from "../inputs/staged-files.ts";
import { boundName, kindText, type RunRecord, type RuntimeKind, recordName, sameKind } from "../run-record.ts";
import { keptStore } from "../store/kept.ts";
import { json, type Objects, readJson } from "../store/objects.ts";

type Kinds = Readonly<Record<string, () => Promise<UnitKind>>>;

export interface Workplace {
  readonly host: Host;
  readonly kinds: Kinds;
  /** A folder of this machine for the inputs. */
  readonly cache: string;
}

export interface OpenRun {
  readonly record: RunRecord;
  readonly bound: RuntimeKind;
  units(): Promise<Units>;
  collect(): Promise<Collected>;
}

export const kindOf = ({ name, version, cpu }: Runtime): RuntimeKind => ({ name, version: version ?? null, cpu: cpu ?? null });

export interface RunPlace {
  readonly place: Workplace;
  readonly objects: Objects;
  readonly own: RuntimeKind;
  /** Its units are counted only, which any kind of runtime can. */
  readonly counted: boolean;
}

/** Errors: NotFound for a run that is not in the store; Unsupported where it is bound to another kind of runtime or made by another release. */
export const openRun = async (
  run: string,
  { place, objects, own, counted }: RunPlace,
  { listener, signal }: Pick<JobContext, "listener" | "signal">,
): Promise<OpenRun> => {
  const record = await readJson<RunRecord>(objects, recordName(run));
  if (record === undefined) throw fail("NotFound", { what: `no run ${run.slice(0, 12)}`, where: objects.place });
  if (record.version !== VERSION)
    throw fail("Unsupported", {
      what: `a run of backlit ${record.version}`,
      why: `this is ${VERSION}`,
      fix: "submit it again, with the release the workers have",
    });
  const load = place.kinds[record.kind] ?? unknownKind(record.kind);
  await objects.create(boundName(run), json(own));
  const bound = (await readJson<RuntimeKind>(objects, boundName(run)))!;
  if (!record.mixed && !counted && !sameKind(bound, own))
    throw fail("Unsupported", {
      what: `run ${run.slice(0, 12)} is bound to ${kindText(bound)}`,
      why: `this is ${kindText(own)}, whose last bits may differ`,
      fix: "submit it with --mixed to let all take part",
    });
  const kind = (await load()) as UnitKind<unknown>;
  const context = { host: hostFor(record, bound, { place, objects }), listener, ...(signal && { signal }) };
  const request = { ...(record.request as object), store: objects.place };
  return { record, bound, units: () => kind.openUnits(request, context), collect: () => kind.collect(request, context) };
};

const unknownKind = (kind: string): never => {
  throw fail("Unsupported", { what: `a run of kind '${kind}'`, why: "this worker knows none such" });
};

/** The submitter's files, this machine's engine, results into the store. */
const hostFor = (
  { manifest }: RunRecord,
  bound: RuntimeKind,
  { place: { host, cache }, objects }: { readonly place: Workplace; readonly objects: Objects },
): Host => {
  const store: KeptStore = keptStore(objects);
  return {
    ...host,
    files: stagedFiles(manifest, objects, cache),
    runtimes: {
      ...host.runtimes,
      // The keys of results name the runtime that the run is bound to.
      several: async (...asked) => (await host.runtimes.several(...asked)).map((runtime) => boundTo(runtime, bound)),
    },
    store: () => store,
    bundled: {
      names: Object.keys(manifest.bundled),
      folder: (name) => manifest.bundled[name] ?? missing(name),
    },
  };
};

const missing = (name: string): never => {
  throw fail("NotFound", { what: `no bundled model '${name}'` });
};

const boundTo = ({ version: _, cpu: __, ...runtime }: Runtime, { name, version, cpu }: RuntimeKind): Runtime => ({
  ...runtime,
  name,
  ...(version !== null && { version }),
  ...(cpu !== null && { cpu }),
});
