/** What `inspect` tells a person. */
import type { Surface } from "../../host/surface.ts";
import { readingLines } from "../../report/reading.ts";
import { describeRecipe } from "../../report/recipe.ts";
import { describeRule } from "../../report/rule.ts";
import { shorten, table } from "../../report/table.ts";
import type { InspectAbout, InspectDocument } from "./run.ts";

/** `line`: what the output means. */
export type InspectTold = InspectDocument & { readonly line: string };

const NAMES = 60;

/** Where somebody has to name what is explained. */
export const questionReport = (about: InspectAbout): string => [...takesLines(about, []), ""].join("\n");

/** What is explained and why, what else could be, what is held fixed and why. */
const takesLines = (
  { model, classes, question, candidates, held }: InspectAbout,
  explained: readonly string[],
): readonly string[] => [
  ...(question === undefined ? [] : [`${model.name}: ${question}`]),
  ...candidates.map(({ value, why }) => {
    const mark = question === undefined && explained.includes(value) ? "explained" : "candidate";
    return `  ${mark}  ${value}: ${why}`;
  }),
  ...(classes === undefined ? [] : [`  classes    ${shorten(classes.names.join(", "), NAMES)}: ${classes.why}`]),
  ...held.map(({ value, why }) => `  held       ${value}: ${why}`),
];

export const inspectReport = (document: InspectTold, { columns, colours }: Surface): string => {
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
