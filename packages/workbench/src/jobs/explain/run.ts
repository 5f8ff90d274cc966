/** The job `explain`: what a model sees in its inputs. */
import {
  append,
  type Choices,
  checkLook,
  type Explanation,
  fail,
  methodCards,
  type Plan,
  type References,
  scoringOf,
} from "@backlit/core";
import { hasFreeBatch, modelInputs, pictureInput } from "../../models/inputs.ts";
import { bytes } from "../../report/numbers.ts";
import { batchesOf } from "../../rows/batches.ts";
import { type ExplainedRow, samplesFirst, takeApart } from "../../rows/explained.ts";
import { togetherOf } from "../../rows/together.ts";
import { rowProgress } from "../../words/progress.ts";
import type { GroupsAsked } from "../groups.ts";
import { type Prepared, prepare } from "../prepare.ts";
import type { JobContext } from "../request.ts";
import { targetFilesOf } from "../target-files.ts";
import { checkFilesBeside, passesCard } from "../unread.ts";
import { checkConsistency, checkMethod } from "./checks.ts";
import { describeCondition } from "./conditions.ts";
import { explainedPlan, mapsOf, noteLargest, planOf, rivalOf } from "./planned.ts";
import type { ExplainRequest, ExplainResult } from "./result.ts";

/** Errors: those of opening and reading; Usage for what does not go together, BadTarget, Unsupported, Runtime, Aborted. */
export const explainJob = async (request: ExplainRequest, context: JobContext): Promise<ExplainResult> => {
  const { ordinary } = request;
  const asked = ordinary === undefined ? request : await prototypes().then((own) => own.recipeOf(request, ordinary, context));
  const opened = await prepare(asked, context, { complete: true });
  await using _lit = opened.lit;
  return await explainPrepared(opened, asked, context); // before the model is released
};

/** Few explanations are compared with others. */
const prototypes = () => import("./ordinary.ts");

/** The same for a model that is open already, and stays so. */
export const explainPrepared = async (opened: Prepared, request: ExplainRequest, context: JobContext): Promise<ExplainResult> => {
  const { listener, signal, host } = context;
  const { lit } = opened;
  const look = checkLook(request.look ?? {});
  const prepared: Prepared = { ...opened, choices: lit.settled(opened.choices) };
  const { bundle, samples, timings, runtime, preprocessor } = prepared;
  const started = performance.now();
  const { method: named, params } = prepared.choices;
  if (named !== undefined && passesCard(named) !== undefined) checkFilesBeside(named, params, request);
  const given = await givenBeside(request, prepared, context);
  const { choices, notices } = consistent(request, takenOf(prepared, request, given.references));
  const output = choices.seed === "direction" || choices.seed === "vector" ? choices.output : lit.outputOf(choices);
  const at = { ...choices, ...(output !== undefined && { output }) };
  const { plan, features, drawing, visits, lookedUp } = planOf({ lit, choices: at, notices }, listener);
  const comparing =
    request.ordinary === undefined ? undefined : await (await prototypes()).comparing(lit, request.ordinary, context);
  const { conditions, only = false } = request;
  if (conditions) listener.note(describeCondition(conditions, only));
  const books = plan.recipe.method === "lrp" || plan.neuralised !== undefined;
  checkConsistency(request, plan.recipe.composite);
  checkMethod(choices.method ?? plan.recipe.method, books, request, listener);
  checkFilesBeside(choices.method ?? plan.recipe.method, choices.params, request);
  const targetFiles = await targetFilesOf(choices.target, host);
  const rival = rivalOf(choices.target, bundle.labels);
  const rows: ExplainedRow[] = [];
  const explanations: Explanation[] = [];
  // Only samples that lie along the first axis of everything can be cut and joined.
  const rowwise = plan.samples.independent && modelInputs(bundle.model).every(({ name }) => plan.samples.of(name) === 0);
  const free = rowwise && hasFreeBatch(bundle.model);
  const together = togetherOf(lit, plan, samples[0]?.feeds ?? {});
  const batches = batchesOf(samples, free ? together.rows : undefined);
  if (free && batches.some((batch) => batch.rows.length > 1))
    listener.note(`up to ${together.rows} rows run together: the largest value of one has ${bytes(together.largest)}`);
  const ledger = books && keepsLedger(request, plan, listener.note);
  const progress = rowProgress(
    listener,
    batches.reduce((sum, batch) => sum + batch.rows.length, 0),
  );
  for (const [i, { feeds, rows: own }] of batches.entries()) {
    listener.progress(`explaining${batches.length > 1 ? ` batch ${i + 1} of ${batches.length}` : ""}`);
    const explanation = await lit.explain(feeds, {
      ...choices,
      ...given,
      ...(comparing && { channels: comparing.values }),
      ...(targetFiles && { targetFiles }),
      ...(request.perStep !== undefined && { perStep: request.perStep }),
      ...(request.detections && { detections: request.detections }),
      ledger,
      strict: request.strict ?? false,
      ...(signal && { signal }),
      onRows: progress.batch(own.length),
    });
    if (i === 0 && explanation.aims === undefined && choices.target === undefined) noteLargest(lit, plan, listener.note);
    checkWanted(request, explanation);
    explanation.notices.forEach(listener.note);
    explanations.push(explanation);
    const several = request.perStep ? explanation.aims?.[0]?.length : mapsOf(choices.target);
    // What a target names may be another output than the first.
    const behind = explanation.aims === undefined ? plan : planBehind(lit, choices, explanation);
    const naming = { reading: behind.reading, scoring: scoringOf(behind), labels: bundle.labels };
    const apart = takeApart(own, samplesFirst(explanation, behind, several !== undefined), several, naming, rival);
    append(rows, comparing ? await comparing.judged(apart, explanation) : apart);
  }
  const [first] = explanations as [Explanation];
  const steps = request.perStep !== undefined && request.perStep !== false;
  const made = passesCard(choices.method)?.family === "synthesis";
  return {
    v: 1,
    model: { name: bundle.name, path: bundle.path, sha256: await lit.sha256, files: bundle.files },
    output: plan.output,
    explained: plan.explained,
    reading: plan.reading,
    rows,
    explanations,
    ...(conditions && { conditions, only }),
    recipe: first.recipe,
    hash: first.hash,
    drawing,
    features,
    look,
    visits,
    lookedUp,
    ...(preprocessor && { preprocessor }),
    // Several classes that were named are shown in one figure; those of top:K, and what a method makes for each, are numbered.
    beside: !made && (steps || (typeof choices.target === "object" && choices.target.list.length > 1)),
    steps,
    made,
    asked: { ledger: request.ledger ?? false, consistency: request.consistency ?? false },
    timings: { ...timings, explain: performance.now() - started },
    runtime,
  };
};

const planBehind = (lit: Prepared["lit"], choices: Choices, { recipe: { output } }: Explanation) =>
  explainedPlan(lit, { ...choices, ...(output !== undefined && { output }) }).plan;

const checkWanted = ({ wanted = [] }: ExplainRequest, explanation: Explanation): void => {
  const missing = wanted.find((map) => explanation[map] === undefined);
  if (missing === undefined) return;
  throw fail("Usage", { what: `--${missing}`, why: `method ${explanation.recipe.method} has none`, fix: "leave it out" });
};

/** ONNX Runtime 1.30 loads graphs in time that grows with the square of their nodes, and a ledger doubles them. */
const MOST_STEPS = 1500;

/** Nobody waits minutes for accounts that were not asked for. */
const keepsLedger = ({ ledger, strict }: ExplainRequest, { steps }: Plan, note: (text: string) => void): boolean => {
  if (ledger || strict || steps.length <= MOST_STEPS) return true;
  note(
    `no ledger is kept: ${steps.length} nodes pass relevance on, and the runtime would take minutes to load it (--ledger keeps one)`,
  );
  return false;
};

/** With the method `auto` takes on tables; a ledger that somebody asked for keeps relevance. Throws Usage. */
const takenOf = ({ lit, choices, bundle }: Prepared, request: ExplainRequest, references: References | undefined) => {
  const { ledger, strict, reading, conditions, only = false } = request;
  const conditioned = conditions && { conditions, only };
  const asked = { ...choices, ...(references && { references }), ...conditioned, ledger: ledger === true || strict === true };
  const { reference, ...found } = lit.automatic(asked);
  const taken = request.wanted?.includes("interactions") ? { ...found, choices: withInteractions(found.choices) } : found;
  if (reading?.mean !== undefined && pictureInput(bundle.model) === undefined && reference !== "mean")
    throw fail("Usage", {
      what: "--mean is not read",
      why:
        reference === "references"
          ? "references are given"
          : "only auto on tables takes it, without --ledger, --strict and --layer",
      fix: "leave it out; --method deeplift takes --set baseline=…",
    });
  return taken;
};

/** Throws Usage for methods that have none. */
const withInteractions = <C extends Choices>(choices: C): C => {
  const card = methodCards.find(({ name }) => name === choices.method);
  if (card?.parameters.interactions !== undefined) return { ...choices, params: { ...choices.params, interactions: true } };
  throw fail("Usage", { what: "--interactions", why: "tree-shap has them, of trees", fix: "--method tree-shap" });
};

/** What the maps should add up to is the logit, unless another seed is asked for. */
const consistent = <T extends { readonly choices: Choices }>({ consistency }: ExplainRequest, taken: T): T =>
  consistency ? { ...taken, choices: { seed: "logit", ...taken.choices } } : taken;

/** What a method is given beside the input. */
const givenBeside = async (request: ExplainRequest, { bundle, lit, choices, samples }: Prepared, { host }: JobContext) => {
  const { references, groups, random, batch } = request;
  const explained = () => explainedPlan(lit, choices).plan.explained;
  const ofReferences = async (path: string) => {
    const { readReferences } = await import("../references.ts");
    return readReferences(host, path, bundle, explained());
  };
  const ofGroups = async (asked: GroupsAsked) => {
    const { columnsOf, readGroups } = await import("../groups.ts");
    return readGroups(host, asked, columnsOf(lit, explained(), samples[0]?.features));
  };
  return {
    ...(references !== undefined && { references: await ofReferences(references) }),
    ...(groups !== undefined && { groups: await ofGroups(groups) }),
    ...(random !== undefined && { random }),
    ...(batch !== undefined && { batch }),
  };
};
