/** backlit inspect: what each node is, which rule it gets and why, and what would be lost there. */
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
import {
  describeRecipe,
  type ReadingDocument,
  readingDocument,
  readingLine,
  readingLines,
  shorten,
  table,
} from "@backlit/workbench";
import { say, sayJson } from "../door.ts";
import type { Io } from "../io.ts";
import { addChoices, type ChoiceOptions } from "./choices.ts";
import { type Register, voiceOf } from "./command.ts";
import { prepare } from "@backlit/workbench";
import { addMean } from "./reading-options.ts";

interface InspectOptions extends ChoiceOptions {
  readonly why?: boolean;
  readonly json?: boolean;
}

export const inspectCommand: Register = (program, io) => {
  const command = program
    .command("inspect")
    .description("show which rule each node gets and why, and what would be lost there")
    .argument("<model>", "an .onnx file, a folder in Hugging Face style, or a bundled name")
    .option("--seed <seed>", "as in explain");
  addMean(addChoices(command))
    .option("--why", "also every rewrite of the graph: made, or why not")
    .option("--json", "one JSON document on stdout")
    .action(async (model: string, options: InspectOptions) => {
      const voice = voiceOf(io);
      try {
        const prepared = await prepare(model, [], options, io, voice);
        await using lit = prepared.lit;
        const { planned, question, takes } = survey(lit, prepared.choices);
        const { bundle } = prepared;
        const about = {
          version: VERSION,
          model: { name: bundle.name, path: bundle.path, sha256: await lit.sha256 },
          ...(bundle.labels && { classes: { names: bundle.labels, why: bundle.labelsWhy ?? "" } }),
          ...(question !== undefined && { question }),
          candidates: takes.candidates,
          held: takes.fixed,
        };
        if (planned === undefined) {
          voice.tell();
          if (options.json) sayJson(io, { ...about, explained: [], nodes: [], notices: voice.notices });
          else say(io, about, questionReport);
          return;
        }
        const { plan, canonical, notices } = planned;
        const unsupported = plan.steps.filter((step) => step.unsupported !== undefined).length;
        notices.forEach(voice.note);
        voice.tell();
        const document = {
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
          ...(options.why && { rewrites: canonical.notes }),
          recipe: plan.recipe,
          hash: await recipeHash(plan.recipe),
          notices: voice.notices,
        };
        if (options.json) sayJson(io, document);
        else say(io, { ...document, line: readingLine(plan.reading) }, report);
      } finally {
        voice.done();
      }
    });
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

type Rewrites = readonly { rewrite: string; node: string; op: string; matched: boolean; reason?: string }[];
interface About {
  readonly model: { readonly name: string };
  readonly classes?: { readonly names: readonly string[]; readonly why: string };
  readonly question?: string;
  readonly candidates: ExplainedReading["candidates"];
  readonly held: ExplainedReading["fixed"];
}
interface Document extends About {
  readonly line: string;
  readonly reading: ReadingDocument;
  readonly output: string;
  readonly start: string;
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
  }[];
  readonly rewrites?: Rewrites;
  readonly recipe: Parameters<typeof describeRecipe>[0];
  readonly hash: string;
}

const NAMES = 60;

const questionReport = (about: About, _: Io) => [...takesLines(about, []), ""].join("\n");

/** What is explained and why, what else could be, what is held fixed and why. */
const takesLines = ({ model, classes, question, candidates, held }: About, explained: readonly string[]): readonly string[] => [
  ...(question === undefined ? [] : [`${model.name}: ${question}`]),
  ...candidates.map(({ value, why }) => {
    const mark = question === undefined && explained.includes(value) ? "explained" : "candidate";
    return `  ${mark}  ${value}: ${why}`;
  }),
  ...(classes === undefined ? [] : [`  classes    ${shorten(classes.names.join(", "), NAMES)}: ${classes.why}`]),
  ...held.map(({ value, why }) => `  held       ${value}: ${why}`),
];

const report = (document: Document, { columns, colours }: Io) => {
  const { model, line, output, start, explained, fixed, handled, nodes, rewrites, recipe, hash } = document;
  const steps = table(
    [
      { title: "layer", align: "right" },
      { title: "node", cut: "middle", least: 16 },
      { title: "op", cut: "end" },
      { title: "kind" },
      { title: "rule", cut: "end", least: 12 },
      { title: "why", cut: "end", least: 16 },
      { title: "may lose", cut: "end", least: 8 },
    ],
    nodes.map((n) => [n.index?.toString() ?? "", n.name, n.op, n.kind, describeRule(n.rule), n.why, n.loses.join(", ")]),
    columns,
  );
  const notes =
    rewrites?.length &&
    table(
      [{ title: "rewrite" }, { title: "node", cut: "middle", least: 16 }, { title: "op" }, { title: "", cut: "end", least: 16 }],
      rewrites.map(({ rewrite, node, op, matched, reason }) => [rewrite, node, op, matched ? "made" : `not made: ${reason}`]),
      columns,
    );
  return [
    line,
    `${model.name}: from ${start === output ? output : `${start}, before ${output},`} back to ${explained.join(", ")}${fixed.length ? `; held fixed: ${fixed.join(", ")}` : ""}`,
    ...readingLines(document.reading),
    ...takesLines(document, explained),
    `recipe ${describeRecipe(recipe)}  ${hash}`,
    "",
    colours.bold(steps[0]!),
    ...steps.slice(1),
    "",
    handled.nodes === handled.of
      ? `all ${handled.of} nodes have a rule`
      : `${handled.nodes} of ${handled.of} nodes have a rule; explain needs --on-unsupported detach, or --explain with a value after the others`,
    ...(notes ? ["", colours.bold(notes[0]!), ...notes.slice(1)] : []),
    ...(rewrites?.length === 0 ? ["", "no rewrite of the graph applies"] : []),
    "",
  ].join("\n");
};

/** Name and parameters: `gamma 0.1`, `alpha-beta alpha=2 beta=1`. */
export const describeRule = ({ name, ...parameters }: RuleSpec): string =>
  [
    name,
    ...Object.entries(parameters).map(([key, value]) => {
      const text = Array.isArray(value) ? value.map(short).join("|") : short(value);
      return key === name ? text : `${key}=${text}`;
    }),
  ].join(" ");

const short = (value: unknown): string =>
  typeof value !== "number"
    ? String(value)
    : Math.abs(value) >= 1e-4
      ? String(Number(value.toPrecision(4)))
      : value.toExponential();
