/** Files as people send them, explained: a document, a picture, a page, an array, or the numbers of each row. */
import { fail, type Tensor } from "@backlit/core";
import {
  type ExplainResult,
  explainDocument,
  explainFiles,
  explainPage,
  type Host,
  type OpenModel,
  type OutputFile,
  type PairResult,
  pairDocument,
  pairFiles,
  pairIn,
  rowOf,
  type WhyOptions,
  wholeFile,
} from "@backlit/workbench";
import { whyOptionsOf } from "./choices.ts";
import type { ExplainedNumbers, ExplainTask, File, Form, Results } from "./messages.ts";

interface Explaining extends Pick<WhyOptions, "onProgress"> {
  readonly signal: AbortSignal;
  readonly pictures: Host["pictures"];
}

export const explain = async (
  lit: OpenModel,
  { inputs, files, asked, form }: ExplainTask,
  { signal, pictures, onProgress }: Explaining,
): Promise<Results["explain"]> => {
  const options = { ...whyOptionsOf(asked), signal, ...(files && { files }), ...(onProgress && { onProgress }) };
  const other = pairIn(asked.target);
  if (other !== undefined && form !== "rows") {
    const { result, notices } = await lit.pairs(inputs[0]!, other, options);
    return { type: TYPES[form], bytes: await pairBytes(result, form, { notices, pictures }) };
  }
  const { result, notices } = await lit.results(inputs, options);
  return form === "rows" ? numbersOf(result) : fileOf(result, form, { notices, pictures });
};

const TYPES: Readonly<Record<Form, string>> = {
  json: "application/json",
  png: "image/png",
  svg: "image/svg+xml",
  pdf: "application/pdf",
  npy: "application/x-npy",
  html: "text/html; charset=utf-8",
};

interface Beside {
  readonly notices: readonly string[];
  readonly pictures: Host["pictures"];
}

const fileOf = async (result: ExplainResult, form: Form, beside: Beside): Promise<File> => {
  const bytes = await bytesOf(result, form, beside);
  return { type: TYPES[form], bytes };
};

const bytesOf = async (result: ExplainResult, form: Form, { notices, pictures }: Beside): Promise<Uint8Array> => {
  if (form === "html") return explainPage(result, { pictures });
  if (form === "json") return new TextEncoder().encode(JSON.stringify(explainDocument(result, {}, notices)));
  if (form === "npy") return only(await explainFiles(result, { relevance: "relevance.npy" }));
  return only(await explainFiles(result, { heatmap: `heatmap.${form}` }, { pictures }));
};

const pairBytes = async (result: PairResult, form: Form, { notices, pictures }: Beside): Promise<Uint8Array> => {
  if (form === "json") return new TextEncoder().encode(JSON.stringify(pairDocument(result, notices)));
  const path = { [form === "npy" ? "relevance" : "heatmap"]: `pairs.${form}` };
  return only(await pairFiles(result, path, { pictures }));
};

/** Errors: Usage where one picture cannot hold all. */
const only = async (files: readonly OutputFile[]): Promise<Uint8Array> => {
  if (files.length !== 1)
    throw fail("Usage", {
      what: `${files.length} pictures`,
      why: "an answer is one",
      fix: "ask for HTML, or send one row for one class",
    });
  return wholeFile(files[0]!);
};

const numbersOf = ({ rows, explanations, explained }: ExplainResult): readonly ExplainedNumbers[] => {
  const outputs = explanations.flatMap(({ output }) => rowsOf(output));
  return rows.map(({ maps: [map] }, i) => ({
    output: outputs[i] ?? outputs[0]!,
    target: map!.target.index,
    ...(map!.target.label !== undefined && { label: map!.target.label }),
    relevance: map!.relevances[explained[0]!]!,
  }));
};

const rowsOf = (output: Tensor): readonly Tensor[] =>
  Array.from({ length: output.dims[0] ?? 1 }, (_, row) => {
    const { output: one } = rowOf({ output }, row);
    return { ...one!, dims: one!.dims.slice(1) };
  });
