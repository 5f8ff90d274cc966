/** The `backlit` command. */
import { fail } from "@backlit/core";

console.error(fail("Usage", { what: "no command yet" }).message);
process.exitCode = 2;
