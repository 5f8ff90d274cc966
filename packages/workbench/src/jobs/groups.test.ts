import { writeNpy } from "@backlit/core";
import { expect, test } from "vitest";
import { memoryFiles } from "../host/files.ts";
import type { Source } from "../kinds/kind.ts";
import { groupsByColumn, readGroups } from "./groups.ts";

const COLUMNS = ["age", "red", "green", "town"];
const text = (value: unknown) => new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
const read = (content: Uint8Array, columns: readonly string[] | undefined = COLUMNS) => {
  const files = memoryFiles(new Map([["groups", content]]));
  return readGroups({ files, pictures: {} } as unknown as Source, "groups", columns);
};
const numbers = async (promise: ReturnType<typeof read>) => Array.from((await promise).data as BigInt64Array, Number);

test("columns by their names, from a file and as they are; the others stand alone", async () => {
  expect(await numbers(read(text({ colour: ["red", "green"] })))).toEqual([0, 1, 1, 2]);
  expect(await numbers(read(text('\uFEFF{"a": ["age", "town"]}')))).toEqual([0, 1, 2, 0]);
  const said = readGroups({} as Source, { colour: ["green", "red"] }, COLUMNS);
  expect(await numbers(said)).toEqual([0, 1, 1, 2]);
});

test("a name that stands at several numbers takes all of them", async () => {
  expect(await numbers(read(text({ both: ["age", "colour"] }), ["age", "colour", "colour", "town"]))).toEqual([0, 0, 0, 1]);
  expect(await numbers(read(text({ both: ["age", "town"] }), ["age", "colour", "colour", "town"]))).toEqual([0, 1, 1, 0]);
});

test("an array as it is", async () => {
  expect((await read(writeNpy({ type: "int32", dims: [4], data: Int32Array.of(3, 3, 1, 0) }))).dims).toEqual([4]);
});

test.each<[unknown, readonly string[] | undefined, RegExp]>([
  [{ colour: ["red", "gren"] }, COLUMNS, /no column is called 'gren'.*did you mean 'green'/],
  [{ a: ["red"], b: ["age", "red"] }, COLUMNS, /column 'red' is in 'a' and in 'b'/],
  [{ a: ["red", "red"] }, COLUMNS, /column 'red' stands twice in 'a'/],
  [{ a: [] }, COLUMNS, /no groups/],
  [{ a: "red" }, COLUMNS, /no groups/],
  ["red, green", COLUMNS, /no groups.*as JSON/],
  [{ a: ["red"] }, undefined, /no columns with names/],
])("%j is refused", async (content, columns, words) => {
  await expect(
    readGroups(
      { files: memoryFiles(new Map([["groups", text(content)]])), pictures: {} } as unknown as Source,
      "groups",
      columns,
    ),
  ).rejects.toThrow(words);
});

test("of columns that are moved, too", () => {
  expect(() => groupsByColumn({ a: ["age"], b: ["age"] }, COLUMNS)).toThrow(/'age' is in 'a' and in 'b'/);
});
