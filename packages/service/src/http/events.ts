/** Server-sent events: what a long method is doing, then its answer, or why there is none. */
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import type { File, Results } from "../work/messages.ts";
import { answerTo } from "./errors.ts";
import type { Answered } from "./service.ts";

export const wantsEvents = (accept: string | undefined): boolean => /(^|,)\s*text\/event-stream\b/i.test(accept ?? "");

/** Milliseconds between two events of progress. */
const OFTEN = 200;

/** Events: `progress` (words), `result` (the document; other forms as `{"type", "base64"}`), `error` (`{"error", "status"}`). */
export const toldOnTheWay = (
  c: Context,
  work: (progress: (text: string) => void) => Promise<Answered<Results["explain"]>>,
): Response =>
  streamSSE(c, async (stream) => {
    let last = 0;
    let telling: Promise<unknown> = Promise.resolve();
    const tell = (event: string, data: string) => {
      telling = telling.then(() => stream.writeSSE({ event, data }));
    };
    try {
      const { value } = await work((text) => {
        const now = performance.now();
        if (now - last < OFTEN) return;
        last = now;
        tell("progress", text);
      });
      const { type, bytes } = value as File;
      tell(
        "result",
        type === "application/json"
          ? new TextDecoder().decode(bytes)
          : JSON.stringify({ type, base64: Buffer.from(bytes).toString("base64") }),
      );
    } catch (error) {
      const answer = answerTo(error, c);
      tell("error", JSON.stringify({ ...((await answer.json()) as object), status: answer.status }));
    }
    await telling;
  });
