/** The job `inspect`: what each node is, which rule it gets and why, and what would be lost there. */
import {
  type Choices,
  type ExplainedReading,
  type Explainer,
  isBacklitError,
  nodeLabel,
  type Planned,
  type RuleSpec,
  readingBehind,
  recipeHash,
  VERSION,
} from "@backlit/core";
import { outputLine, type ReadingDocument, readingDocument } from "../../report/reading.ts";
import type { describeRecipe } from "../../report/recipe.ts";
import { prepare } from "../prepare.ts";
import type { ChoiceRequest, InputsRequest, JobContext, ModelRequest } from "../request.ts";

export interface InspectRequest extends ModelRequest, ChoiceRequest, InputsRequest {
  /** Every rewrite of the graph too: made, or why not. */
  readonly rewrites?: boolean;
}

type Rewrites = readonly { rewrite: string; node: string; op: string; matched: boolean; reason?: string }[];

export interface InspectAbout {
  readonly version: string;
  readonly model: { readonly name: string; readonly path: string; readonly sha256: string };
  readonly classes?: { readonly names: readonly string[]; readonly why: string };
  /** Why somebody has to name what is explained; the plan is then for the first candidate. */
  readonly question?: string;
  readonly candidates: ExplainedReading["candidates"];
  readonly held: ExplainedReading["fixed"];
}

/** The document of `inspect --json`, its notices aside. Its keys are a contract. */
export interface InspectDocument extends InspectAbout {
  readonly reading: ReadingDocument;
  readonly output: string;
  readonly start: string;
  readonly head: string;
  readonly explained: readonly string[];
  readonly fixed: readonly string[];
  readonly handled: { readonly nodes: number; readonly of: number };
  readonly nodes: readonly {
    readonly index: number | null;
    readonly name: string;
    readonly op: string;
    readonly kind: string;
    readonly rule: RuleSpec;
    readonly why: string;
    readonly loses: readonly string[];
    readonly outputs: readonly string[];
    readonly stands_for: readonly string[];
  }[];
  readonly rewrites?: Rewrites;
  readonly recipe: Parameters<typeof describeRecipe>[0];
  readonly hash: string;
}

export interface InspectResult {
  readonly v: 1;
  readonly about: InspectAbout;
  /** Absent where nothing at all can be explained. */
  readonly document?: InspectDocument;
  /** What the output means, in a line. */
  readonly line?: string;
}

/** Errors: those of opening a model; Usage, BadRecipe, BadTarget. */
export const inspectJob = async (request: InspectRequest, context: JobContext): Promise<InspectResult> => {
  const prepared = await prepare(request, context);
  await using lit = prepared.lit;
  const { planned, question, takes } = survey(lit, prepared.choices);
  const { bundle } = prepared;
  const about: InspectAbout = {
    version: VERSION,
    model: { name: bundle.name, path: bundle.path, sha256: await lit.sha256 },
    ...(bundle.labels && { classes: { names: bundle.labels, why: bundle.labelsWhy ?? "" } }),
    ...(question !== undefined && { question }),
    candidates: takes.candidates,
    held: takes.fixed,
  };
  if (planned === undefined) return { v: 1, about };
  const { plan, canonical, notices } = planned;
  notices.forEach(context.listener.note);
  const unsupported = plan.steps.filter((step) => step.unsupported !== undefined).length;
  const document: InspectDocument = {
    ...about,
    reading: readingDocument(lit, planned),
    output: plan.output,
    start: plan.start,
    head: plan.reading.link.kind,
    explained: plan.explained,
    fixed: plan.fixed,
    handled: { nodes: plan.steps.length - unsupported, of: plan.steps.length },
    nodes: plan.steps.map(({ node, op, role, rule, why, loses, index }) => ({
      index: index ?? null,
      name: nodeLabel(node),
      op,
      kind: role.kind as string,
      rule,
      why,
      loses,
      outputs: node.output,
      stands_for: node.body?.map(nodeLabel) ?? [],
    })),
    ...(request.rewrites && { rewrites: canonical.notes }),
    recipe: plan.recipe,
    hash: await recipeHash(plan.recipe),
  };
  return { v: 1, about, document, line: outputLine(lit, prepared.choices, plan) };
};

interface Survey {
  /** Undefined where nothing at all can be explained. */
  readonly planned?: Planned;
  /** Why somebody has to name what is explained; the plan is then for the first candidate. */
  readonly question?: string;
  readonly takes: ExplainedReading;
}

const survey = (lit: Explainer, choices: Choices): Survey => {
  try {
    const planned = planOf(lit, choices);
    return { planned, takes: planned.plan.takes };
  } catch (error) {
    const takes = readingBehind(error);
    if (takes === undefined) throw error;
    const [first] = takes.candidates;
    const planned = first && planOf(lit, { ...choices, explain: [first.value] });
    return { ...(planned && { planned }), question: (error as Error).message, takes };
  }
};

/** The plan even where nodes have no rule: those are shown as detached, each with its reason. */
const planOf = (lit: Explainer, choices: Choices): Planned => {
  try {
    return lit.inspect(choices);
  } catch (error) {
    if (!isBacklitError(error, "Unsupported") || readingBehind(error) || choices.onUnsupported !== undefined) throw error;
    return lit.inspect({ ...choices, onUnsupported: "detach" });
  }
};
