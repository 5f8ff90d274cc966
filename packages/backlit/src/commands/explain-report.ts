/** What `explain` tells a person. */

import { append, type Ledger } from "@backlit/core";
import type { ExplainedMap, ExplainedRow } from "@backlit/workbench";
import {
  amount,
  bar,
  completenessOf,
  consistencyLine,
  describeRecipe,
  differenceLine,
  figureOf,
  ledgerLines,
  mapConsistency,
  percent,
  type RankedClass,
  seconds,
  shorten,
  summarize,
  table,
  titleOf,
  type View,
  viewOf,
} from "@backlit/workbench";
import { say } from "../door.ts";
import type { Colours, Io } from "../io.ts";
import type { Explained } from "./explain.ts";
import { heatmapsOf, picturePaths } from "./explain-files.ts";
import { contextOf } from "./explain-page.ts";

const NAME = 28;
const BAR = 24;
const INDENT = "  ";

/** What people read of an explanation. */
export type Reported = Pick<Explained, "rows" | "drawing" | "features" | "explanations" | "options" | "timings" | "beside"> & {
  readonly preprocessor?: Explained["preprocessor"];
  readonly bundle: Pick<Explained["bundle"], "name">;
  readonly plan: Pick<Explained["plan"], "explained">;
};

/** Texts keep their lines: how they are drawn is their view's care. */
export const sayExplained = (
  { rows, drawing, features, explanations, options, timings, beside, preprocessor, bundle, plan }: Explained,
  io: Io,
): void => {
  const { name } = bundle;
  const { explained } = plan;
  const told = {
    rows,
    drawing,
    features,
    explanations,
    options,
    timings,
    beside,
    preprocessor,
    bundle: { name },
    plan: { explained },
  };
  const withText = (row: ExplainedRow, i: number): ExplainedRow => {
    const { text } = rows[i]!.sample;
    return text === undefined ? row : { ...row, sample: { ...row.sample, text } };
  };
  say(io, told, (shown) => explainReport({ ...shown, rows: shown.rows.map(withText) }, io));
};

const explainReport = (explained: Reported, io: Io): string => {
  const { rows, explanations, options, bundle, timings } = explained;
  const { colours } = io;
  const lines: string[] = [];
  const drawn = options.terminal || io.truecolour;
  for (const row of rows) {
    append(lines, [colours.bold(title(bundle.name, row)), ...row.top.map((one) => classLine(one, row, colours))]);
    const extra = row.maps.filter(({ target }) => !row.top.some(({ index }) => index === target.index));
    append(
      lines,
      extra.map(({ target }) => classLine(target, row, colours)),
    );
    const context = contextOf(explained);
    const draw = (view: Pick<View, "terminal" | "needsColours">) => {
      if (drawn || !view.needsColours)
        append(
          lines,
          view.terminal(io).map((line) => INDENT + line),
        );
    };
    if (explained.beside) draw(figureOf(row, context));
    for (const map of row.maps) {
      if (!explained.beside) draw(viewOf(row, map, context));
      const consistency = options.consistency && mapConsistency(map);
      lines.push(
        ...mapLines(map, row.maps.length > 1),
        ...(consistency ? [`${INDENT}${consistencyLine(consistency)}`] : []),
        ...(options.ledger === true && map.ledger ? ledgerTable(map.ledger, io) : []),
      );
    }
    lines.push("");
  }
  const { recipe, hash } = explanations[0]!;
  const files = [
    ...(options.heatmap ? heatmapsOf(options.heatmap, explained) : []),
    ...[options.spread, options.frames].flatMap((path) => (path ? picturePaths(path, rows.length, rows[0]!.maps.length) : [])),
    ...[options.report, options.relevance, options.ledger].filter((path) => typeof path === "string"),
  ];
  const run = explanations.reduce((sum, e) => sum + e.timings.run, 0);
  lines.push(
    `recipe   ${describeRecipe(recipe)} (${hash.slice(0, 12)})`,
    ...(files.length ? [`wrote    ${files.join(", ")}`] : []),
    `time     ${seconds(timings.read)} reading, ${seconds(timings.trace)} tracing, ${seconds(timings.explain)} explaining (${seconds(run)} in the model)`,
  );
  return `${lines.join("\n")}\n`;
};

const title = (model: string, { sample, index }: ExplainedRow): string =>
  `${model} on ${sample.file}${index === undefined ? "" : `, row ${index}`}`;

const classLine = (one: RankedClass, { maps }: ExplainedRow, { cyan, dim }: Colours): string => {
  const { probability, logit, value: number } = one;
  const explained = maps.some(({ target }) => target.index === one.index);
  const value = probability === undefined ? amount(logit ?? number ?? 0) : percent(probability);
  const name = shorten(titleOf(one), NAME).padEnd(NAME);
  const line = `${INDENT}${name} ${value.padStart(8)} ${cyan(bar(probability ?? 0, BAR))}`;
  return `${line}${explained ? dim(" ◂ explained") : ""}`.trimEnd();
};

const mapLines = (map: ExplainedMap, several: boolean): string[] => [
  ...(map.note ? [`${INDENT}${several ? `${titleOf(map.target)}: ` : ""}${map.note.text}`] : []),
  ...detailLines(map, several),
];

const detailLines = (map: ExplainedMap, several: boolean): string[] => {
  const { target, ledger, details } = map;
  const complete = completenessOf(map);
  if (complete !== undefined) return [`${INDENT}${several ? `${titleOf(target)}: ` : ""}${differenceLine(complete)}`];
  if (ledger === undefined && details !== undefined)
    return [
      `${INDENT}${Object.entries(details)
        .map(([name, value]) => `${name} ${amount(value)}`)
        .join(", ")}`,
    ];
  if (ledger === undefined) return [];
  const [first, ...rest] = ledgerLines(summarize(ledger, map));
  return [`${INDENT}${several ? `${titleOf(target)}: ` : ""}${first}`, ...rest.map((line) => INDENT + line)];
};

const ledgerTable = ({ entries }: Ledger, { columns }: Io): string[] =>
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
