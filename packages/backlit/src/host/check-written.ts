/** An artefact is opened where it was written, and its outputs are compared with the model's own. */
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import {
  checkArtefact,
  decodeModel,
  type Explainer,
  encodeModelBytes,
  externalFiles,
  filesOf,
  pointingInto,
  type Session,
  withLocales,
} from "@backlit/core";
import { type CompileChecks, seenThroughPixels, sourceOf } from "@backlit/workbench";

/** Notices. Errors: Mismatch, Runtime. */
export const checkWritten = async ({ lit, compiled, bundle, pixels }: CompileChecks, out: string): Promise<readonly string[]> => {
  const { runtime } = lit.options;
  const source = await sourceOf(bundle, runtime);
  const { model } = await withLocales(bundle.model, runtime);
  await using original = await runtime.createSession(encodeModelBytes(pointingInto(model, source.file)), filesOf(source));
  await using artefact = await openWritten(lit, out);
  const sessions = { original, artefact };
  const both = pixels ? seenThroughPixels(sessions, pixels) : sessions;
  return await checkArtefact(lit, { file: bundle.model, compiled, ...both });
};

const openWritten = async ({ options: { runtime } }: Explainer, out: string): Promise<Session> => {
  if (runtime.opensFiles) return runtime.createSession({ path: out });
  const bytes = await readFile(out);
  const files = externalFiles(decodeModel(bytes, basename(out)));
  const externalData = new Map(
    await Promise.all([...files].map(async (at) => [at, await readFile(join(dirname(out), at))] as const)),
  );
  return runtime.createSession(bytes, { externalData });
};
