/** backlit conform: runs conformance cases (conformance/FORMAT.md) and says which pass. */
import type { Verdict } from "@backlit/conform";
import { append, fail } from "@backlit/core";
import { oneRuntime } from "@backlit/workbench";
import { say, sayJson } from "../door.ts";
import { type Register, working } from "./command.ts";

export const conformCommand: Register = (program, io, exit) => {
  program
    .command("conform")
    .description("run conformance cases: a case, a suite, or a folder of suites")
    .argument("<dir...>")
    .option("--json", "one JSON document on stdout")
    .option("--debug", "show where an error was thrown")
    .action((dirs: string[], { json }: { json?: boolean }) =>
      working(io, { here: true }, async (voice, { host }) => {
        const { findCases, runCase } = await runner();
        const cases = (await Promise.all(dirs.map(findCases))).flat();
        const runtime = await oneRuntime(host, voice.note);
        const verdicts: Verdict[] = [];
        const sayLines = (some: readonly Verdict[]) => say(io, some, (shown) => shown.map(line).join(""));
        for (const [i, it] of cases.entries()) {
          voice.progress(`${i + 1} of ${cases.length}: ${it.name}`);
          const own = await runCase(it, runtime);
          append(verdicts, own);
          if (json) continue;
          voice.done();
          sayLines(own.filter(({ status }) => status === "failed"));
        }
        voice.done();
        voice.tell();
        const of = (status: Verdict["status"]) => verdicts.filter((verdict) => verdict.status === status);
        const [passed, failed, unsupported] = [of("passed"), of("failed"), of("not supported")];
        const counts = { passed: passed.length, failed: failed.length, notSupported: unsupported.length };
        if (json) sayJson(io, { ...counts, runtime: runtime.name, verdicts });
        else {
          sayLines(unsupported);
          io.out(`${counts.passed} passed, ${counts.failed} failed, ${counts.notSupported} not supported\n`);
        }
        if (counts.failed > 0) exit(1);
      }),
    );
};

/** A package of its own: cases and their judge are for those who change methods. */
const runner = () =>
  import("@backlit/conform").catch((cause) => {
    const parts = { what: "reference cases are run by a package of its own, which is not here", fix: "npx @backlit/conform DIR" };
    throw fail("Unsupported", parts, cause);
  });

const line = ({ case: name, id, status, error, tolerance, reason }: Verdict): string => {
  const far = error === undefined ? undefined : `error ${error.toExponential(2)}, tolerance ${tolerance?.toExponential(1)}`;
  return `${status}: ${name} ${id}: ${reason ?? far}\n`;
};
