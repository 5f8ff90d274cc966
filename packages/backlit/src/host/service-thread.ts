/** A thread of `backlit serve`: models are open here, requests come as messages. */
import { parentPort, workerData } from "node:worker_threads";
import { type Room, workIn } from "@backlit/service";
import { nodeHost } from "./index.ts";

workIn(parentPort!, nodeHost({ here: true }), workerData as Room);
