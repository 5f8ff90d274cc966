/** The command line: commands, how errors are told, exit codes (0 ok, 1 the work failed, 2 bad usage, 130 stopped by Ctrl-C). */
import { isBacklitError, printableText, VERSION } from "@backlit/core";
import { Command, CommanderError } from "commander";
import { auditCommand } from "./commands/audit.ts";
import { clusterCommand } from "./commands/cluster.ts";
import type { Register } from "./commands/command.ts";
import { compareCommand } from "./commands/compare.ts";
import { compileCommand } from "./commands/compile.ts";
import { conceptsCommand } from "./commands/concepts.ts";
import { conformCommand } from "./commands/conform.ts";
import { dependenceCommand } from "./commands/dependence.ts";
import { evaluateCommand } from "./commands/evaluate.ts";
import { explainCommand } from "./commands/explain.ts";
import { exportCommand } from "./commands/export.ts";
import { jobsCommand } from "./commands/fleet/jobs.ts";
import { submitCommand } from "./commands/fleet/submit.ts";
import { workerCommand } from "./commands/fleet/worker.ts";
import { importanceCommand } from "./commands/importance.ts";
import { initCommand } from "./commands/init.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { methodsCommand } from "./commands/methods.ts";
import { metricsCommand } from "./commands/metrics.ts";
import { modelsCommand } from "./commands/models.ts";
import { repairCommand } from "./commands/repair.ts";
import { serveCommand } from "./commands/serve.ts";
import { studioCommand } from "./commands/studio.ts";
import { subspacesCommand } from "./commands/subspaces.ts";
import { tuneCommand } from "./commands/tune.ts";
import { guarded, sayError } from "./door.ts";
import type { Io } from "./io.ts";
import { groupOptions } from "./options/groups.ts";

/** In the order of the help. */
const COMMANDS: readonly Register[] = [
  explainCommand,
  compileCommand,
  exportCommand,
  initCommand,
  inspectCommand,
  evaluateCommand,
  compareCommand,
  tuneCommand,
  auditCommand,
  conceptsCommand,
  clusterCommand,
  subspacesCommand,
  repairCommand,
  dependenceCommand,
  importanceCommand,
  serveCommand,
  submitCommand,
  workerCommand,
  jobsCommand,
  conformCommand,
  studioCommand,
  modelsCommand,
  methodsCommand,
  metricsCommand,
];

/** 128 + SIGINT, the shells' convention. */
export const INTERRUPTED = 130;

/** Runs one command (`argv` without node and the script) and resolves to its exit code. Never throws. */
export const main = async (argv: readonly string[], streams: Io): Promise<number> => {
  const io = guarded(streams);
  const debug = argv.includes("--debug");
  let code = 0;
  const program = new Command("backlit")
    .description("Explains any ONNX classifier: which pixels, tokens or features its prediction rests on.")
    .version(VERSION)
    .showSuggestionAfterError()
    .exitOverride()
    // Narrow terminals have descriptions in a narrow column, not in lines that the terminal breaks.
    .configureHelp({ minWidthToWrap: 16 })
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      getOutHelpWidth: () => io.columns ?? 120,
      getErrHelpWidth: () => io.columns ?? 120,
      outputError: (text) => sayError(io, text.replace(/^error: /, ""), argv),
    });
  for (const command of COMMANDS)
    command(program, io, (failed) => {
      code = failed;
    });
  for (const command of program.commands) groupOptions(command);
  try {
    await program.parseAsync(argv, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (debug && error instanceof Error) io.err(`${printableText(error.stack ?? "")}\n`);
    sayError(io, error instanceof Error ? error.message : String(error), argv);
    return isBacklitError(error, "Aborted") ? INTERRUPTED : isBacklitError(error, "Usage") ? 2 : 1;
  }
};
