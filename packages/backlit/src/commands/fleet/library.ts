import { fail } from "@backlit/core";
import type { Command } from "commander";

/** A package of its own: it brings the clients of queues and stores. */
export const fleet = () =>
  import("@backlit/fleet").catch((cause) => {
    const parts = {
      what: "work over several machines is a package of its own, which is not here",
      fix: "npm install @backlit/fleet",
    };
    throw fail("Unsupported", parts, cause);
  });

/** Of every command of the fleet. */
export const addQueue = (command: Command): Command =>
  command.option("--queue <url>", "redis://HOST:6379 or postgres://USER@HOST/DATABASE (default: BACKLIT_QUEUE)");

export const addDebug = (command: Command): Command => command.option("--debug", "show where an error was thrown");

export interface QueueOptions {
  readonly queue?: string;
  readonly debug?: boolean;
}

/** Throws Usage. */
export const queueOf = ({ queue = process.env.BACKLIT_QUEUE }: QueueOptions): string => {
  if (queue !== undefined) return queue;
  throw fail("Usage", { what: "no --queue", fix: "name one: redis://HOST:6379 or postgres://USER@HOST/DATABASE" });
};
