import { expect, test } from "vitest";
import { shorten, table } from "./table.ts";

const columns = [
  { title: "n", align: "right" },
  { title: "node", cut: "middle", least: 6 },
  { title: "why", cut: "end", least: 4 },
] as const;
const rows = [
  ["1", "/blocks/0/Conv", "the first of all layers"],
  ["12", "/fc", "dense"],
];

test("columns are aligned", () => {
  expect(table(columns, rows)).toEqual([
    " n  node            why",
    " 1  /blocks/0/Conv  the first of all layers",
    "12  /fc             dense",
  ]);
});

test("a narrow terminal cuts the widest columns, and none below its least", () => {
  expect(table(columns, rows, 24)).toEqual([" n  node       why", " 1  /b…0/Conv  the firs…", "12  /fc        dense"]);
  expect(Math.max(...table(columns, rows, 1).map((line) => line.length))).toBe(2 + 2 + 6 + 2 + 4);
});

test("names keep their ends", () => {
  expect(shorten("/blocks.11/convs/Conv", 10, "middle")).toBe("/bl…s/Conv");
  expect(shorten("short", 5)).toBe("short");
});
