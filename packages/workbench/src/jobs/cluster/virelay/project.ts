/**
 * Clusters as a project of ViRelAy (Anders et al. 2021): the files it opens, as plain data for whoever can write HDF5. `data.h5`: `data`, `label`;
 * `attribution.h5`: `attribution`, `index`, `label`, `prediction`; `analysis.h5`: for each class `index`, `cluster/…`, `embedding/…`.
 */
import { depreprocess, type ExplainOptions, fail, type Tensor, toFloat32 } from "@backlit/core";
import type { JudgingSession } from "../../evaluate/session.ts";
import type { ClusterResult } from "../result.ts";

/** Samples as they come: arrays of the same number of rows, to be laid one behind the other. */
export interface VirelayRows {
  readonly data: Tensor;
  readonly attribution: Tensor;
  readonly prediction: Tensor;
  readonly label: BigInt64Array;
}

/** By class: numbers of its samples, their cluster, and their places in the plane. */
export interface VirelayAnalysis {
  readonly name: string;
  readonly index: readonly number[];
  readonly cluster: readonly number[];
  readonly places: readonly (readonly [number, number])[];
  readonly eigenvalues: readonly number[];
}

export interface VirelayProject {
  /** Names of what is written beside the two texts. */
  readonly files: typeof FILES;
  /** `project.yaml` and `labels.json`, by name. */
  readonly texts: Readonly<Record<string, string>>;
  readonly count: number;
  /** Of the plane. */
  readonly embedding: string;
  readonly analyses: readonly VirelayAnalysis[];
  rows(): AsyncGenerator<VirelayRows>;
}

const FILES = { data: "data.h5", attribution: "attribution.h5", analysis: "analysis.h5" } as const;

interface Asked {
  readonly options: ExplainOptions;
  /** Samples are explained for their labels, not for the predicted classes. */
  readonly labelled: boolean;
}

/** Errors: Unsupported for inputs that are no pictures, and classes of several indices. */
export const virelayProject = (session: JudgingSession, result: ClusterResult, { options, labelled }: Asked): VirelayProject => {
  const { bundle, data } = session;
  const { classes, model, embedding } = result;
  if (classes.some(({ target }) => target.length !== 1)) throw noProject("its classes have several indices");
  const named = (index: number) => bundle.labels?.[index] ?? `class ${index}`;
  const most = classes.reduce((all, { target }) => Math.max(all, target[0]! + 1), bundle.labels?.length ?? 0);
  return {
    files: FILES,
    texts: {
      "project.yaml": yamlOf(model.name, data.name, labelled),
      "labels.json": `${JSON.stringify(Array.from({ length: most }, (_, index) => ({ index, word_net_id: named(index), name: named(index) })))}\n`,
    },
    count: data.count,
    embedding,
    analyses: classes.map(({ target, samples, labels, places, eigenvalues }) => ({
      ...{ name: named(target[0]!), index: samples, cluster: labels, places, eigenvalues },
    })),
    rows: () => rowsOf(session, options),
  };
};

async function* rowsOf(session: JudgingSession, options: ExplainOptions): AsyncGenerator<VirelayRows> {
  const { data, lits, target } = session;
  const lit = lits[0]!;
  const size = data.chunk ?? 16;
  for (let from = 0; from < data.count; from += size) {
    const { x, targets } = await data.read(from, Math.min(size, data.count - from));
    const found = await lit.explain(x, { ...options, ...(target !== undefined ? { target } : targets && { target: targets }) });
    const { relevance, output, target: explained } = found;
    if (relevance.dims.length !== 4) throw noProject(`its inputs are ${relevance.dims.join("×")}`);
    const name = lit.outline(options.explain === undefined ? {} : { explain: options.explain }).plan.explained[0]!;
    const input = Array.isArray(x.dims) ? (x as Tensor) : (x as Readonly<Record<string, Tensor>>)[name]!;
    yield {
      data: seenIn(input, session),
      attribution: relevance,
      prediction: toFloat32(output),
      label: BigInt64Array.from(explained, ([index]) => BigInt(index!)),
    };
  }
}

/** Pictures as they were before preprocessing, uint8 [N, H, W, C]; other inputs as they are. */
const seenIn = (input: Tensor, { preprocessor, bundle }: JudgingSession): Tensor => {
  const shown = preprocessor ?? bundle.preprocessor;
  if (shown === undefined) return input;
  const all = Array.from({ length: input.dims[0]! }, (_, n) => depreprocess(input, shown, n));
  const { width, height, data } = all[0]!;
  const bytes = new Uint8Array(all.length * data.length);
  for (const [n, one] of all.entries()) bytes.set(one.data, n * data.length);
  return { type: "uint8", dims: [all.length, height, width, data.length / (width * height)], data: bytes };
};

const noProject = (why: string) =>
  fail("Unsupported", { what: "a project of ViRelAy", why, fix: "it is for pictures of one class each; leave --virelay out" });

/** Strings as in JSON, which YAML takes. */
const yamlOf = (model: string, data: string, labelled: boolean): string => {
  const said = (text: string) => JSON.stringify(text);
  return `project:
  name: ${said(`${model} on ${data}`)}
  model: ${said(model)}
  label_map: labels.json
  dataset:
    name: ${said(data)}
    type: hdf5
    path: ${FILES.data}
  attributions:
    attribution_method: backlit
    attribution_strategy: ${labelled ? "true_label" : "predicted_label"}
    sources:
      - ${FILES.attribution}
  analyses:
    - analysis_method: spray
      sources:
        - ${FILES.analysis}
`;
};
