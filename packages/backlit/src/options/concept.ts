/** --concept of repair: VALUE:CHANNEL, FILE.npy, or a cluster as FILE.json#CLASS.CLUSTER, or what may be anywhere as FILE.json#CLASS.anywhere. */
import { readFile } from "node:fs/promises";
import { fail, readNpy } from "@backlit/core";
import type { ClusterResult, RepairConcept } from "@backlit/workbench";

const FORMS = "VALUE:CHANNEL, FILE.npy, or FILE.json#CLASS.CLUSTER (or #CLASS.anywhere) as cluster --out writes it";

/** The concept, and the value where it names one. Throws Usage, NotFound, BadInput. */
export const conceptOf = async (text: string): Promise<{ readonly concept: RepairConcept; readonly value?: string }> => {
  if (text.endsWith(".npy")) return { concept: { vector: Array.from(readNpy(await bytesOf(text)).data, Number) } };
  const cluster = /^(.+\.json)#(.+)\.(\d+)$/.exec(text);
  if (cluster !== null) return { concept: await clusterOf(cluster[1]!, cluster[2]!, Number(cluster[3])) };
  const moving = /^(.+\.json)#(.+)\.anywhere$/.exec(text);
  if (moving !== null) return { concept: await windowsOf(moving[1]!, moving[2]!) };
  const channel = /^(.+):(\d+)$/.exec(text);
  if (channel === null) throw fail("Usage", { what: `--concept ${text}`, fix: `it is ${FORMS}` });
  return { concept: { channel: Number(channel[2]) }, value: channel[1]! };
};

const clusterOf = async (path: string, name: string, cluster: number): Promise<RepairConcept> => {
  const { classes, candidates = [] } = parsed(path, await bytesOf(path));
  const found = classes.find(({ target, label }) => label === name || target.join() === name);
  const artefact = found?.samples.filter((_, n) => found.labels[n] === cluster) ?? [];
  if (found === undefined || artefact.length === 0)
    throw fail("Usage", {
      what: `no cluster ${name}.${cluster}`,
      where: path,
      fix: classes.map(({ target, label, clusters }) => `${label ?? target.join()}.0 to .${clusters.length - 1}`).join(", "),
    });
  // A candidate's samples are those with relevance in its region, whatever group they are in.
  const candidate = candidates.find(
    (one) => "cluster" in one && one.cluster === cluster && one.target.join() === found.target.join(),
  );
  if (candidate !== undefined) return { artefact: candidate.samples, clean: candidate.others };
  return { artefact, clean: found.samples.filter((_, n) => found.labels[n] !== cluster) };
};

const windowsOf = async (path: string, name: string): Promise<RepairConcept> => {
  const { candidates = [], data } = parsed(path, await bytesOf(path));
  const all = candidates.filter((one) => "windows" in one);
  const found = all.find(({ target, label }) => label === name || target.join() === name);
  if (found !== undefined) {
    const own = new Set(found.samples);
    const clean = Array.from({ length: data.count }, (_, n) => n).filter((n) => !own.has(n));
    return { artefact: found.samples, clean, anywhere: true };
  }
  const known = all.map(({ target, label }) => `${label ?? target.join()}.anywhere`);
  throw fail("Usage", {
    what: `no ${name}.anywhere`,
    where: path,
    fix: known.length > 0 ? known.join(", ") : "name a cluster: CLASS.CLUSTER",
  });
};

const parsed = (path: string, bytes: Uint8Array): ClusterResult => {
  try {
    const result = JSON.parse(new TextDecoder().decode(bytes)) as ClusterResult;
    if (Array.isArray(result.classes)) return result;
  } catch {}
  throw fail("BadInput", { what: "no result of cluster", where: path, fix: "write one: backlit cluster … --out" });
};

const bytesOf = async (path: string): Promise<Uint8Array> => {
  try {
    return await readFile(path);
  } catch (cause) {
    throw fail("NotFound", { what: "cannot read the concept", where: path }, cause);
  }
};
