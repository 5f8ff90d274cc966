/** The job `compile`: the model that also says why, as files to be written. */

import type { PixelsTaken } from "@backlit/core";
import { type Compiled, dataTypeName, type Explainer, fail, recipeHash, type ValueInfoProto, VERSION } from "@backlit/core";
import { dimsOf } from "../../models/inputs.ts";
import type { Bundle } from "../../models/open.ts";
import { recipeOf } from "../explain/ordinary.ts";
import { explainedPlan } from "../explain/planned.ts";
import type { OutputFile } from "../output.ts";
import { prepare, saidByKind } from "../prepare.ts";
import { readReferences } from "../references.ts";
import type { ChoiceRequest, InputsRequest, JobContext, ModelRequest } from "../request.ts";
import { type PixelsInFront, withPixels } from "./pixels.ts";
import { prototypesIn } from "./prototypes.ts";
import { stored } from "./store.ts";

export interface CompileRequest extends ModelRequest, ChoiceRequest, InputsRequest {
  /** The name of the file to write. */
  readonly out: string;
  /** The ledger as an output. */
  readonly ledger?: boolean;
  /** Values inside whose relevance further inputs `mask@VALUE` multiply; `only`: what goes past them is dropped. */
  readonly masks?: readonly string[];
  readonly only?: boolean;
  /** The weights stay in the original's files, beside which the artefact must lie. */
  readonly sidecar?: boolean;
  /** A file of prototypes, as `concepts` writes them: whether each decision is ordinary, as outputs. */
  readonly ordinary?: string;
  /** Rows of the data that a method compares with. */
  readonly references?: string;
  /** The model takes the bytes of pictures, its preprocessing in the graph; `resize`: pictures of any size. */
  readonly pixels?: { readonly resize?: boolean };
}

export interface CompileResult {
  readonly v: 1;
  readonly document: CompileDocument;
  /** The model itself comes last: it is not there before its weights are. */
  readonly files: readonly OutputFile[];
}

/** What a place that can open what was written compares it with. */
export interface CompileChecks {
  readonly lit: Explainer;
  readonly compiled: Compiled;
  readonly bundle: Bundle;
  /** What was put in front of it. */
  readonly pixels?: Pick<PixelsInFront, "taken" | "preprocessor">;
}

/** `write`: stores the files; its notices are told. Errors: those of opening a model; BadRecipe, BadTarget, Unsupported, those of `write`. */
export const compileJob = async (
  request: CompileRequest,
  context: JobContext,
  write: (files: readonly OutputFile[], checks: CompileChecks) => Promise<void> = async () => {},
): Promise<CompileResult> => {
  const { listener } = context;
  const { ordinary } = request;
  const asked = ordinary === undefined ? request : await recipeOf(request, ordinary, context);
  const { bundle, choices, timings, ...prepared } = await prepare(asked, context);
  await using lit = prepared.lit;
  if (saidByKind(request, bundle).reading?.mean !== undefined)
    throw fail("Usage", {
      what: "--mean is not read",
      why: "one pass explains a table's logit, no difference",
      fix: "leave it out",
    });
  listener.progress("compiling");
  const started = performance.now();
  const { ledger = false, masks, only, references: path } = request;
  const explained = () => explainedPlan(lit, choices).plan.explained;
  const references = path === undefined ? undefined : await readReferences(context.host, path, bundle, explained());
  const prototypes = ordinary === undefined ? undefined : await prototypesIn(lit, ordinary, context);
  const { channels } = prototypes ?? {};
  const beside = {
    ...(masks && { masks }),
    ...(only && { only }),
    ...(references && { references }),
    ...(channels && { channels }),
  };
  const bare = await lit.compile({ ...choices, ledger, ...beside });
  const made = prototypes === undefined ? bare : { ...bare, model: await prototypes.put(bare) };
  const { names, notices, plan } = made;
  const pixels = request.pixels && withPixels(made.model, bundle, request.pixels.resize ?? false);
  const { model } = pixels ?? made;
  [...notices, ...(pixels?.preprocessor.notices ?? [])].forEach(listener.note);
  const compiled = performance.now();
  const { files, size, stays } = await stored(model, bundle, request.out, request.sidecar ?? false);
  await write(files, { lit, compiled: made, bundle, ...(pixels && { pixels }) });
  const written = performance.now();
  const added = (all: readonly ValueInfoProto[], own: readonly ValueInfoProto[]) =>
    all.filter(({ name }) => !own.some((one) => one.name === name)).map(describe);
  const document = {
    version: VERSION,
    model: { name: bundle.name, path: bundle.path, sha256: await lit.sha256, identity: await lit.identity, bytes: bundle.size },
    file: request.out,
    files: files.map(({ path }) => path),
    bytes: size,
    /** Files of the original that hold a sidecar's weights. */
    weights_stay_in: stays,
    inputs: added(model.graph.input, bundle.model.graph.input),
    outputs: added(model.graph.output, bundle.model.graph.output),
    names,
    ...(pixels && { preprocess: pixels.taken }),
    recipe: plan.recipe,
    hash: await recipeHash(plan.recipe),
    timings: { ...timings, compile: compiled - started, write: written - compiled },
  };
  return { v: 1, document, files };
};

/** The document of `compile --json`, its notices aside. Its keys are a contract. */
export interface CompileDocument {
  readonly version: string;
  readonly model: {
    readonly name: string;
    readonly path: string;
    readonly sha256: string;
    readonly identity: string;
    readonly bytes: number;
  };
  readonly file: string;
  readonly files: readonly string[];
  readonly bytes: number;
  readonly weights_stay_in: readonly string[];
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly names: Compiled["names"];
  /** With the preprocessing in the graph. */
  readonly preprocess?: PixelsTaken;
  readonly recipe: Compiled["plan"]["recipe"];
  readonly hash: string;
  readonly timings: { readonly read: number; readonly trace: number; readonly compile: number; readonly write: number };
}

type Port = ReturnType<typeof describe>;

const describe = (value: ValueInfoProto) => ({
  name: value.name,
  type: dataTypeName(value.type?.tensorType?.elemType ?? 0),
  dims: dimsOf(value).map((size) => size ?? null),
});
