/** A thread of `backlit worker`: runs are open here, units come as messages. */
import { parentPort, workerData } from "node:worker_threads";
import { workIn } from "@backlit/fleet";
import { nodeHost } from "./index.ts";

workIn(parentPort!, { host: nodeHost({ here: true }), ...(workerData as { readonly cache: string }) });
