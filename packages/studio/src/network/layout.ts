/** A worker of its own: where the blocks of a network stand. Whoever no longer wants to know ends it. */
import { arranged } from "./arrange.ts";
import type { ToPlace } from "./placed.ts";

self.addEventListener("message", ({ data }: MessageEvent<ToPlace>) => postMessage(arranged(data)));
