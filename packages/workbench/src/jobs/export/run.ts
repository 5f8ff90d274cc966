/** The job `export`: an artefact with the configuration that an engine expects. */
import { append, dataTypeName, fail, recipeHash, type ValueInfoProto, VERSION } from "@backlit/core";
import { inside, stem } from "../../host/files.ts";
import { dimsOf, hasFreeBatch, modelInputs } from "../../models/inputs.ts";
import { type CompileChecks, type CompileRequest, compileJob } from "../compile/run.ts";
import type { OutputFile } from "../output.ts";
import type { JobContext } from "../request.ts";
import type { Exported, ExportedPort } from "./engine.ts";
import { engines } from "./engines/index.ts";

export interface ExportRequest extends Omit<CompileRequest, "out" | "sidecar"> {
  readonly engine: string;
  /** The folder the files are named in. */
  readonly folder: string;
  /** Of the model there; default: that of its file. */
  readonly name?: string;
}

export interface ExportResult {
  readonly v: 1;
  readonly engine: string;
  readonly name: string;
  readonly files: readonly string[];
}

/** `write` stores the files and makes folders they need. Errors: Usage for an engine or a name that is none; those of `compile`. */
export const exportJob = async (
  { engine: asked, folder, name: named, ...request }: ExportRequest,
  context: JobContext,
  write: (files: readonly OutputFile[], checks?: CompileChecks) => Promise<void>,
): Promise<ExportResult> => {
  const engine = engines.find(({ name }) => name === asked);
  if (engine === undefined)
    throw fail("Usage", { what: `engine '${asked}'`, fix: `there are ${engines.map(({ name }) => name).join(", ")}` });
  const name = named ?? stem(request.model).replace(/[^\w.-]+/g, "-");
  if (!/^\w[\w.-]*$/.test(name))
    throw fail("Usage", { what: `a model called '${name}'`, fix: "--name with letters, digits, . - _" });
  const out = inside(folder, engine.artefact({ name } as Exported));
  const paths: string[] = [];
  let ready: CompileChecks | undefined;
  const { document } = await compileJob({ ...request, out }, context, async (files, checks) => {
    await write(files, checks);
    append(
      paths,
      files.map(({ path }) => path),
    );
    ready = checks;
  });
  const { compiled, bundle } = ready!;
  const inputs = modelInputs(compiled.model).map(portOf);
  const outputs = compiled.model.graph.output.map(portOf);
  const model: Exported = {
    ...{ name, version: VERSION, inputs, outputs, identity: document.model.identity, hash: await recipeHash(document.recipe) },
    batches: hasFreeBatch(bundle.model) && [...inputs, ...outputs].every(({ shape }) => shape[0] === -1),
    ...(bundle.labels && { labels: bundle.labels }),
  };
  const texts = Object.entries(engine.texts(model)).map(
    ([path, text]): OutputFile => ({
      path: inside(folder, path),
      chunks: [new TextEncoder().encode(text)],
    }),
  );
  await write(texts);
  return { v: 1, engine: asked, name, files: [...paths, ...texts.map(({ path }) => path)] };
};

const portOf = (value: ValueInfoProto): ExportedPort => ({
  name: value.name,
  datatype: DATATYPES[dataTypeName(value.type?.tensorType?.elemType ?? 0)] ?? "FP32",
  shape: dimsOf(value).map((size) => (typeof size === "number" ? size : -1)),
});

const DATATYPES: Readonly<Record<string, string>> = {
  ...{ bool: "BOOL", uint8: "UINT8", uint16: "UINT16", uint32: "UINT32", uint64: "UINT64" },
  ...{ int8: "INT8", int16: "INT16", int32: "INT32", int64: "INT64" },
  ...{ float16: "FP16", float: "FP32", float32: "FP32", double: "FP64", float64: "FP64", string: "BYTES", bfloat16: "BF16" },
};
