/** Runs in words. */
import type { RunState } from "@backlit/fleet";
import { table } from "@backlit/workbench";
import type { Io } from "../../io.ts";

export const runLines = (runs: readonly RunState[], { columns }: Pick<Io, "columns">): string => {
  if (runs.length === 0) return "no runs\n";
  const titles = [
    { title: "run" },
    { title: "what", cut: "middle" as const },
    { title: "state" },
    { title: "units", align: "right" as const },
    { title: "submitted" },
  ];
  const rows = runs.map(({ run, title, state, done, failed, units, submitted }) => [
    run.slice(0, 12),
    title,
    state,
    units === undefined ? "" : `${done}/${units}${failed > 0 ? `, ${failed} failed` : ""}`,
    new Date(submitted).toISOString().slice(0, 16).replace("T", " "),
  ]);
  return `${table(titles, rows, columns).join("\n")}\n`;
};

export const runText = (state: RunState): string => {
  const { run, title, store, bound, why } = state;
  const lines = [
    ["run", run],
    ["what", title],
    [
      "state",
      `${state.state}${state.units === undefined ? "" : `, ${state.done} of ${state.units} units`}${state.failed > 0 ? `, ${state.failed} failed` : ""}`,
    ],
    ["store", store],
    ...(bound ? [["bound to", [bound.name, bound.version, bound.cpu].filter(Boolean).join(", ")]] : []),
    ...(why === undefined ? [] : [["why", why]]),
  ];
  return lines.map(([name, value]) => `${name!.padEnd(9)} ${value}\n`).join("");
};
