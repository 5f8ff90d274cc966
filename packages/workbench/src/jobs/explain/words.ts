/** What `explain` tells a person. */
import { ABOVE, append, type Ledger, type Sides } from "@backlit/core";
import { figureOf } from "../../figures/figure.ts";
import type { Colours, Surface } from "../../host/surface.ts";
import { STEPS } from "../../kinds/text/steps.ts";
import { viewOf } from "../../kinds/view-of.ts";
import { consistencyLine, mapConsistency } from "../../report/consistency.ts";
import { foundLine } from "../../report/difference.ts";
import { ledgerLines, summarize } from "../../report/ledger.ts";
import { amount, bar, percent, seconds } from "../../report/numbers.ts";
import { ordinaryLines } from "../../report/ordinary.ts";
import { describeRecipe } from "../../report/recipe.ts";
import { shorten, table } from "../../report/table.ts";
import type { ExplainedMap, ExplainedRow } from "../../rows/explained.ts";
import { leftOut, oneByOne } from "../../rows/one-by-one.ts";
import { type RankedClass, titleOf, winnerBeside } from "../../rows/top.ts";
import { legendLine } from "../../views/legend-line.ts";
import { sidesOf } from "../../views/sides.ts";
import type { View } from "../../views/view.ts";
import { type ExplainFiles, heatmapsOf, picturePaths } from "./files.ts";
import { contextOf } from "./page.ts";
import type { ExplainResult } from "./result.ts";

const NAME = 28;
const BAR = 24;
const INDENT = "  ";

/** What of an explanation a person is told. */
export type ExplainTold = Omit<ExplainResult, "v" | "output" | "reading">;

export interface ExplainWords {
  /** What is written, and where. */
  readonly files: ExplainFiles;
  /** Pictures are drawn in a terminal without 24-bit colours too. */
  readonly terminal?: boolean;
}

/** Lines for a terminal. */
export const explainReport = (explained: ExplainTold, { files, terminal = false }: ExplainWords, io: Surface): string => {
  const { rows, explanations, model, timings, asked, recipe, hash } = explained;
  const { colours } = io;
  const lines: string[] = [];
  const drawn = terminal || io.truecolour;
  for (const row of oneByOne(rows, files.rows)) {
    append(lines, [colours.bold(title(model.name, row)), ...row.top.map((one) => classLine(one, row, colours))]);
    const extra = row.maps.filter(({ target }) => !row.top.some(({ index }) => index === target.index));
    append(
      lines,
      extra.map(({ target }) => classLine(target, row, colours)),
    );
    const context = contextOf(explained, { top: files.features });
    const linesOf = (view: Pick<View, "terminal" | "needsColours">) => (drawn || !view.needsColours ? view.terminal(io) : []);
    const draw = (view: Pick<View, "terminal" | "needsColours" | "parts">, sides: Sides) => {
      const parts = view.parts?.flatMap(({ title, view: part }) => [colours.bold(title), ...linesOf(part)]);
      const picture = parts ?? linesOf(view);
      append(
        lines,
        [...picture, ...(picture.length > 0 ? [legendLine(sides, io)] : [])].map((line) => INDENT + line),
      );
    };
    if (explained.beside) draw(figureOf(row, context), explained.steps ? STEPS : ABOVE);
    for (const map of row.maps) {
      if (!explained.beside) draw(viewOf(row, map, context), sidesOf(map.target));
      const consistency = asked.consistency && mapConsistency(map);
      lines.push(
        ...mapLines(map, row.maps.length > 1, asked.ledger),
        ...(map.ordinary ?? []).flatMap(ordinaryLines).map((line) => `${INDENT}${line}`),
        ...(consistency ? [`${INDENT}${consistencyLine(consistency)}`] : []),
        ...(files.ledger === true && map.ledger ? ledgerTable(map.ledger, io) : []),
      );
    }
    lines.push("");
  }
  const shown = oneByOne(rows, files.rows).length;
  const left = leftOut(rows, files.rows);
  if (left !== undefined) lines.push(left, "");
  const written = [
    ...(files.heatmap ? heatmapsOf(files.heatmap, explained, files.rows) : []),
    ...[files.spread, files.frames].flatMap((path) => (path ? picturePaths(path, shown, rows[0]!.maps.length) : [])),
    ...[files.report, files.relevance, files.ledger].filter((path) => typeof path === "string"),
  ];
  const run = explanations.reduce((sum, e) => sum + e.timings.run, 0);
  lines.push(
    `recipe   ${describeRecipe(recipe)} (${hash.slice(0, 12)})`,
    ...(written.length ? [`wrote    ${written.join(", ")}`] : []),
    `time     ${seconds(timings.read)} reading, ${seconds(timings.trace)} tracing, ${seconds(timings.explain)} explaining (${seconds(run)} in the model)`,
  );
  return `${lines.join("\n")}\n`;
};

const title = (model: string, { sample, index }: ExplainedRow): string =>
  `${model} on ${sample.file}${index === undefined ? "" : `, row ${index}`}`;

const classLine = (one: RankedClass, { top, maps }: ExplainedRow, { cyan, dim }: Colours): string => {
  const { probability, logit, value: number, unit } = one;
  const explained = maps.some(({ target }) => target.index === one.index);
  const value = probability === undefined ? amount(logit ?? number ?? 0) : percent(probability);
  const name = shorten(titleOf(one), NAME).padEnd(NAME);
  const line = `${INDENT}${name} ${value.padStart(8)} ${unit === undefined ? cyan(bar(probability ?? 0, BAR)) : dim(unit)}`;
  const winner = maps.every(({ target }) => winnerBeside(top, target) === one);
  return `${line}${explained ? dim(" ◂ explained") : winner ? dim(" ◂ winner") : ""}`.trimEnd();
};

const mapLines = (map: ExplainedMap, several: boolean, whole: boolean): string[] => [
  ...(map.note ? [`${INDENT}${several ? `${titleOf(map.target)}: ` : ""}${map.note.text}`] : []),
  ...detailLines(map, several, whole),
];

/** `whole`: the ledger was asked for; whoever has not asked is told of the map, not of its bookkeeping. */
const detailLines = (map: ExplainedMap, several: boolean, whole: boolean): string[] => {
  const { target, ledger, difference } = map;
  const found = foundLine(map);
  const lead = several ? `${titleOf(target)}: ` : "";
  if (found !== undefined && (difference !== undefined || ledger === undefined || !whole)) return [`${INDENT}${lead}${found}`];
  if (ledger === undefined || !whole) return [];
  const [first, ...rest] = ledgerLines(summarize(ledger, map));
  return [`${INDENT}${lead}${first}`, ...rest.map((line) => INDENT + line)];
};

const ledgerTable = ({ entries }: Ledger, { columns }: Surface): string[] =>
  table(
    [
      { title: "node", cut: "middle", least: 12 },
      { title: "op" },
      { title: "rule" },
      { title: "in", align: "right" },
      { title: "out", align: "right" },
      { title: "kept by", cut: "end", least: 12 },
    ],
    entries.map((entry) => [
      entry.node,
      entry.op,
      entry.rule,
      amount(entry.in),
      amount(entry.out),
      Object.entries(entry.causes)
        .map(([cause, value]) => `${cause} ${amount(value)}`)
        .join(", "),
    ]),
    columns === undefined ? undefined : columns - INDENT.length,
  ).map((line) => INDENT + line);
