/** The `backlit` command's process: nothing here but what only a process has. */
import { processIo } from "./io.ts";
import { INTERRUPTED, main } from "./main.ts";

// A reader that has seen enough (`| head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});
process.exitCode = await main(process.argv.slice(2), processIo());
// To exit would wait for the pass that a worker is in; the signal itself ends it, and tells the shell why.
if (process.exitCode === INTERRUPTED) process.kill(process.pid, "SIGINT");
