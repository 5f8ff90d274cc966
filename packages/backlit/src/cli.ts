/** The `backlit` command's process: nothing here but what only a process has. */
import { processIo } from "./io.ts";
import { main } from "./main.ts";

// A reader that has seen enough (`| head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});
process.exitCode = await main(process.argv.slice(2), processIo());
