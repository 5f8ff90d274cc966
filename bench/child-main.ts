/** Entry point of a child process: `job path`, its answer on stdout. */
import { nodeRuntime } from "../packages/backlit/src/host/runtime/node.ts";
import { type Jobs, jobs } from "./child.ts";

const [job, path] = process.argv.slice(2) as [keyof Jobs, string];
console.log(JSON.stringify(await jobs[job](path, await nodeRuntime())));
