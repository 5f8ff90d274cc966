/** The job `tune`: rules searched for on one half of the data, judged on the other. */
import { composites, fail, type Recipe, type TuneResult, tune } from "@backlit/core";
import type { Files } from "../../host/files.ts";
import { known } from "../../words/known.ts";
import { judgingSettings } from "../evaluate/judging-settings.ts";
import { referencesFor } from "../evaluate/references.ts";
import { asUsage, type JudgedRequest, judgedBy, keptIn } from "../evaluate/run.ts";
import { openSession } from "../evaluate/session.ts";
import { readRecipe } from "../recipe-file.ts";
import type { JobContext } from "../request.ts";

export interface TuneRequest extends JudgedRequest {
  /** Recipes measured at most. */
  readonly budget?: number;
  /** Composites or recipe files to begin with, beside auto; default all that fit. */
  readonly starts?: readonly string[];
  readonly onUnsupported?: "error" | "detach";
}

/** Errors: Usage, NotFound, BadInput, those of `tune`. */
export const tuneJob = async (request: TuneRequest, context: JobContext): Promise<TuneResult> => {
  const { host, listener, signal } = context;
  const { budget, onUnsupported } = request;
  const store = keptIn(request.store, context);
  const starts = request.starts && (await readStarts(host.files, request.starts));
  await using session = await openSession(request, context);
  const { lits } = session;
  const shared = onUnsupported === undefined ? {} : { onUnsupported };
  const { asked, task } = judgedBy(request, session);
  const references = await referencesFor(host, request, session, [{ ...shared, ...asked }]);
  const { plan } = lits[0]!.inspect({ ...shared, ...asked });
  const usual = { explained: plan.explained, asked, references, note: listener.note };
  const settings = await judgingSettings(request, session, usual);
  const named = new Set(settings.map(({ metric }) => metric));
  if (named.size > 1) throw fail("Usage", { what: `--metric ${[...named].join(",")}`, fix: "tune by one metric" });
  const work = tune(lits, {
    ...task,
    settings,
    shared,
    ...(signal && { signal }),
    ...(budget !== undefined && { budget }),
    ...(starts && { starts }),
    ...(references && { references }),
    ...(store && { store }),
    onProgress: (stage, done, total) => listener.working(`${stage}, ${done} of ${total}`),
  });
  const result = await asUsage(work);
  result.notices.forEach(listener.note);
  return result;
};

const readStarts = (
  files: Files,
  given: readonly string[],
): Promise<readonly { readonly name: string; readonly recipe: Recipe }[]> =>
  Promise.all(
    given.map(async (text) => {
      const name = text.trim();
      if (/\.json$/i.test(name)) return { name, recipe: (await readRecipe(files, name)).recipe };
      known("composite", name, ["auto", ...Object.keys(composites)]);
      return { name, recipe: { composite: name } };
    }),
  );
