import { expect, test } from "vitest";
import { processIo } from "./io.ts";

const io = (env: Record<string, string>, isTTY = true) => {
  const stream = { isTTY, columns: 90, write: () => true };
  return processIo({ stdout: stream, stderr: stream, stdin: process.stdin, env } as never);
};

test("COLUMNS wins over the terminal's own, and counts where there is none; what is no number does not", () => {
  expect(io({}).columns).toBe(90);
  expect(io({ COLUMNS: "60" }).columns).toBe(60);
  expect(io({ COLUMNS: "60" }, false).columns).toBe(60);
  expect(io({ COLUMNS: "wide" }, false).columns).toBeUndefined();
});

test("NO_COLOR takes colours away; TERM=dumb those and what is drawn over", () => {
  const truecolour = { COLORTERM: "truecolor" };
  expect(io(truecolour)).toMatchObject({ truecolour: true, live: true });
  expect(io({ ...truecolour, NO_COLOR: "1" })).toMatchObject({ truecolour: false, live: true });
  const dumb = io({ ...truecolour, TERM: "dumb" });
  expect(dumb).toMatchObject({ truecolour: false, live: false });
  expect(dumb.colours.bold("a")).toBe("a");
});
