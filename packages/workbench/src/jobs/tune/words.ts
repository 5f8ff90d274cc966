/** What `tune` tells a person: how it searched, what the other half says, what to use. */
import type { TuneResult } from "@backlit/core";
import type { Surface } from "../../host/surface.ts";
import { settingTitle } from "../../report/score-table.ts";
import { type Column, table } from "../../report/table.ts";

export const tuneReport = (
  result: TuneResult,
  { columns, colours }: Pick<Surface, "columns" | "colours">,
  written?: string,
): string => {
  const { model, data, settings, halves, searched, best, verdict } = result;
  const { bold } = colours;
  const { tried, budget, exhausted, rounds } = searched;
  const moves = rounds.flatMap(({ group, took, tries }) => {
    const move = tries.find(({ candidate }) => candidate === took);
    return move
      ? [`  ${group === "composites" ? `began with ${took}` : took} (${plus(move.gain!)} ± ${move.error!.toFixed(3)})`]
      : [];
  });
  return [
    `${bold(`${model.name} on ${data.name}`)}: ${halves.search.length} samples searched on, ${halves.held.length} held out, halves alike in ${halves.strata}`,
    `by ${settings.map(settingTitle).join("; ")}`,
    `${tried} of at most ${budget} recipes tried${exhausted ? ": the budget ended the search" : ""}`,
    ...(moves.length > 0 ? ["taken, with the gain on the searching half (which flatters):", ...moves] : ["nothing was taken"]),
    ...(best.chosen.length > 0 ? [`best: ${best.start} with ${best.chosen.join("; ")}`] : [`best: ${best.start}`]),
    "",
    ...heldTable(result, columns, bold),
    "",
    bold(verdict.keep === "not enough" ? `not enough to rank: ${verdict.why}` : verdict.why),
    ...(written === undefined
      ? []
      : [
          verdict.keep === "auto"
            ? `${written}: the default's recipe, ${result.hash}`
            : `${written}: the tuned recipe${verdict.keep === "best" ? "" : ", not shown to be better"}, ${result.hash}`,
        ]),
    "",
  ].join("\n");
};

const heldTable = ({ held, settings }: TuneResult, width: number | undefined, bold: (text: string) => string): string[] => {
  const [subject] = held.comparisons.map(({ a }) => a);
  const each = settings.length > 1 ? settings : [];
  const head: Column[] = [
    { title: "on the other half", cut: "end", least: 12 },
    { title: "mean", align: "right" },
    { title: "±", align: "right" },
    ...each.map(({ params, metric }): Column => ({ title: String(params.imputer ?? metric), align: "right" })),
    { title: `${subject ?? "best"} minus it`, align: "right" },
    { title: "p (Holm)", align: "right" },
  ];
  const rows = held.objective.methods.map(({ method, mean, halfWidth }, m) => {
    const against = held.comparisons.find(({ b }) => b === method);
    // The same scores as another's: compared once.
    const twin = held.objective.methods.slice(0, m).find((other) => other.mean === mean && other.halfWidth === halfWidth);
    return [
      method,
      minus(mean),
      halfWidth.toFixed(3),
      ...each.map((_, s) => minus(held.settings[s]!.methods[m]!.mean)),
      against === undefined
        ? twin === undefined || method === subject
          ? ""
          : `as ${twin.method}`
        : `${plus(against.difference.mean)} [${plus(against.difference.low)}, ${plus(against.difference.high)}]`,
      against === undefined ? "" : against.pHolm < 0.001 ? "< 0.001" : against.pHolm.toFixed(3),
    ];
  });
  const [first, ...lines] = table(head, rows, width);
  const { floor } = held.objective;
  return [bold(first!), ...lines, ...(floor ? [`noise floor ${minus(floor.low)} to ${minus(floor.high)}`] : [])];
};

const minus = (value: number): string => value.toFixed(3).replace("-", "−");
const plus = (value: number): string => `${value < 0 ? "" : "+"}${minus(value)}`;
