/** backlit metrics: which metrics and imputers there are, and what to know of each. */
import { imputers, type MetricCard, metrics } from "@backlit/core";
import { imputerList, knownMetric, metricList, metricPage } from "@backlit/workbench";
import { sayJson } from "../door.ts";
import type { Register } from "./command.ts";

export const metricsCommand: Register = (program, io) => {
  program
    .command("metrics")
    .description("list the metrics heatmaps are judged by, or say all of one")
    .argument("[name]")
    .option("--json", "one JSON document on stdout")
    .option("--debug", "show where an error was thrown")
    .action((name: string | undefined, { json }: { json?: boolean }) => {
      knownMetric(name);
      const cards = Object.values(metrics).map(({ card }): MetricCard => card);
      const stand = Object.values(imputers).map(({ card }) => card);
      const { bold } = io.colours;
      const one = name === undefined ? undefined : metrics[name]!.card;
      if (json) sayJson(io, one ?? { metrics: cards, imputers: stand });
      else if (one) io.out(metricPage(one, bold));
      else
        io.out(
          `${metricList(cards, bold, io.columns)}\n${imputerList(stand, bold, io.columns)}\nbacklit metrics NAME says all of one\n`,
        );
    });
};
