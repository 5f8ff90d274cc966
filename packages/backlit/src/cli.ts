/** The `backlit` command's process: nothing here but what only a process has. */
import { guarded, sayError } from "./door.ts";
import { whyNotWritten } from "./host/write-files.ts";
import { processIo } from "./io.ts";
import { INTERRUPTED, main } from "./main.ts";

const io = processIo();
// A reader that has seen enough (`| head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  sayError(guarded(io), `cannot write to standard output: ${whyNotWritten(error)}`);
  process.exit(1);
});
// Where nobody can be told, the work goes on.
process.stderr.on("error", () => {});
process.exitCode = await main(process.argv.slice(2), io);
// To exit would wait for the pass that a worker is in; the signal itself ends it, and tells the shell why.
if (process.exitCode === INTERRUPTED) process.kill(process.pid, "SIGINT");
