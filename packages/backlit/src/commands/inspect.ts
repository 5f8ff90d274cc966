/** backlit inspect: what each node is, which rule it gets and why, and what would be lost there. */
import {
  type Choices,
  type Explainer,
  isBacklitError,
  nodeLabel,
  type Planned,
  type RuleSpec,
  recipeHash,
  VERSION,
} from "@backlit/core";
import { say, sayJson } from "../door.ts";
import type { Io } from "../io.ts";
import { describeRecipe } from "../report/recipe.ts";
import { table } from "../report/table.ts";
import { addChoices, type ChoiceOptions } from "./choices.ts";
import { type Register, voiceOf } from "./command.ts";
import { prepare } from "./prepare.ts";

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
  addChoices(command)
    .option("--why", "also every rewrite of the graph: made, or why not")
    .option("--json", "one JSON document on stdout")
    .action(async (model: string, options: InspectOptions) => {
      const voice = voiceOf(io);
      try {
        const prepared = await prepare(model, [], options, io, voice);
        await using lit = prepared.lit;
        const { plan, canonical, notices } = survey(lit, prepared.choices);
        const unsupported = plan.steps.filter((step) => step.unsupported !== undefined).length;
        notices.forEach(voice.note);
        voice.tell();
        const document = {
          version: VERSION,
          model: { name: prepared.bundle.name, path: prepared.bundle.path, sha256: await lit.sha256 },
          output: plan.output,
          start: plan.start,
          head: plan.head,
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
        else say(io, document, report);
      } finally {
        voice.done();
      }
    });
};

/** The plan even where nodes have no rule: those are shown as detached, each with its reason. */
const survey = (lit: Explainer, choices: Choices): Planned => {
  try {
    return lit.inspect(choices);
  } catch (error) {
    if (!isBacklitError(error, "Unsupported") || choices.onUnsupported !== undefined) throw error;
    return lit.inspect({ ...choices, onUnsupported: "detach" });
  }
};

type Rewrites = readonly { rewrite: string; node: string; op: string; matched: boolean; reason?: string }[];
interface Document {
  readonly model: { readonly name: string };
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

const report = (
  { model, output, start, explained, fixed, handled, nodes, rewrites, recipe, hash }: Document,
  { columns, colours }: Io,
) => {
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
    `${model.name}: from ${start === output ? output : `${start}, before ${output},`} back to ${explained.join(", ")}${fixed.length ? `; held fixed: ${fixed.join(", ")}` : ""}`,
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
