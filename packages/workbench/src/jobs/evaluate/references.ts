/** `--references` and `--mean` of commands that judge: read for the methods that look at them, refused where none does. */
import { type Explainer, type ExplainOptions, type FloatTensor, fail, takesReferences } from "@backlit/core";
import type { InputHost } from "../../inputs/read.ts";
import { saidByKind } from "../prepare.ts";
import { readReferences } from "../references.ts";
import type { JudgeRequest, JudgingSession } from "./session.ts";
import type { SettingsRequest } from "./settings.ts";

export interface ReferenceRequest extends Pick<JudgeRequest, "reading"> {
  readonly references?: string;
  readonly settings?: SettingsRequest;
}

type Method = Partial<ExplainOptions>;

/** Errors: Usage where no method reads what is given, NotFound, BadInput. */
export const referencesFor = async (
  host: InputHost,
  { references: path, reading, settings: { imputers } = {} }: ReferenceRequest,
  { bundle, lits }: Pick<JudgingSession, "bundle" | "lits">,
  methods: readonly Method[],
): Promise<FloatTensor | undefined> => {
  const [lit] = lits as [Explainer];
  const { mean } = saidByKind({ ...(reading && { reading }) }, bundle).reading ?? {};
  const explained = path === undefined ? [] : explainedOf(lit, methods[0]!);
  const given = path === undefined ? undefined : await readReferences(host, path, bundle, explained);
  if (given !== undefined && !Array.isArray(given.dims))
    throw fail("Usage", {
      what: `--references ${path}`,
      why: `what is judged is ${explained.join(", ")}, not the columns of a table`,
      fix: "give an .npy of that, rows along its first axis",
    });
  const references = given as FloatTensor | undefined;
  const read = methods.map((method) => lit.automatic({ ...method, ...(references && { references }) }));
  // It is also what stands in for removed values of a table.
  const filled = imputers === undefined && references === undefined && lit.takesTable;
  if (mean !== undefined && !filled && read.every(({ reference }) => reference !== "mean"))
    throw fail("Usage", {
      what: "--mean is not read",
      why: "auto on tables takes it, where no references are given",
      fix: "leave it out",
    });
  if (references !== undefined && !read.some(({ choices }) => looksAt(choices)))
    throw fail("Usage", {
      what: "no method here reads --references",
      fix: "auto does on trees and on tables without attention and convolutions; tree-shap, deep-shap, expected-gradients, integrated-gradients, kernel-shap, shapley, occlusion, feature-ablation, lime and rise everywhere",
    });
  return references;
};

const explainedOf = (lit: Explainer, { explain, output }: Method): readonly string[] =>
  lit.outline({ explain, output }).plan.explained;

const looksAt = ({ method, params }: Method): boolean => method !== undefined && takesReferences(method, params);
