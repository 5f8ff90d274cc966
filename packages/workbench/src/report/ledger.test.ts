/** The ledger's lines, and the names of headings. */
import { expect, test } from "vitest";
import { type LedgerSummary, ledgerLines } from "./ledger.ts";
import { anchorsOf } from "./markdown.ts";

const summary = (more: Partial<LedgerSummary>): LedgerSummary => ({
  seed: 1,
  of: 1,
  arrived: 0.5,
  lost: {},
  rest: 0,
  tolerance: 1e-4,
  keepers: [],
  ...more,
});
const cause = (line: string | undefined) => line?.split(": ")[1];

test("causes come by size, whatever their sign, and those of nothing are left out", () => {
  const lost = { bias: 0.1, stabiliser: -0.4, "no contribution": 0.2, detached: 0.0004 };
  expect(cause(ledgerLines(summary({ lost }))[1])).toBe("stabiliser -40.0 %, no contribution 20.0 %, bias 10.0 %");
  expect(ledgerLines(summary({ lost: { bias: 4e-4 } }))).toEqual(["of a seed of 1, 50.0 % reached the input"]);
  expect(cause(ledgerLines(summary({ lost: { bias: 5e-4 } }))[1])).toBe("bias 0.05 %");
});

test("shares are of the seed, or of what is for and against; without one there are amounts", () => {
  expect(ledgerLines(summary({ seed: -2, of: -2, arrived: -1 }))[0]).toBe("of a seed of -2, 50.0 % reached the input");
  expect(ledgerLines(summary({ of: 4, arrived: 1 }))[0]).toBe(
    "a seed of 1 out of 4 for and against: 25.0 % of that reached the input",
  );
  const none = summary({ seed: 0, of: 0, arrived: 0.25, lost: { bias: -0.25 }, wholeBatch: true, head: 0.5 });
  expect(ledgerLines(none)).toEqual([
    "of a seed of 0, 0.25 reached the input, over the whole batch",
    "the head's own bias, 0.5, is no part of it",
    "the rest: bias -0.25",
  ]);
});

test("nodes keep, or add", () => {
  const keepers = [0.25, -0.5].map((kept, i) => ({ node: `n${i}`, op: "Conv", rule: "zplus", kept }));
  expect(ledgerLines(summary({ keepers })).slice(1)).toEqual([
    " 25.0 % kept by n0 (Conv, zplus)",
    " 50.0 % added by n1 (Conv, zplus)",
  ]);
});

test("headings of one name are numbered from the second on", () => {
  expect([...anchorsOf(["Grad-CAM++", "Integrated gradients"])]).toEqual([
    ["Grad-CAM++", "grad-cam"],
    ["Integrated gradients", "integrated-gradients"],
  ]);
  expect([...anchorsOf(["SRG", "srg", "SRG!"]).values()]).toEqual(["srg", "srg-1", "srg-2"]);
});
