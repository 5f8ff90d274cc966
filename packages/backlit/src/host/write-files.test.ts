/** Whatever goes wrong, folders look as they did before. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { writeFiles } from "./write-files.ts";

const root = mkdtempSync(join(tmpdir(), "backlit-write-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(root, "case-"));
});

const at = (name: string) => join(folder, name);
const bytes = (text: string) => [new TextEncoder().encode(text)];
function* breaking() {
  yield new TextEncoder().encode("half");
  throw Object.assign(new Error("no room"), { code: "ENOSPC" });
}
const listing = () =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, name === "folder" ? "" : readFileSync(at(name), "utf8")]));
const signals = () => [process.listenerCount("SIGINT"), process.listenerCount("SIGTERM")];

describe("writing that fails", () => {
  test.each([
    ["in the middle of the only file", () => [{ path: at("old"), chunks: breaking() }], "old"],
    [
      "in the middle of the second one",
      () => [
        { path: at("new"), chunks: bytes("new") },
        { path: at("old"), chunks: breaking() },
      ],
      "old",
    ],
    ["in a folder that is not there", () => [{ path: at("none/new"), chunks: bytes("new") }], "none/new"],
    [
      "when the second one takes its place",
      () => [
        { path: at("old"), chunks: bytes("new") },
        { path: at("folder"), chunks: bytes("new") },
      ],
      "folder",
    ],
  ])("%s", async (_, files, broken) => {
    writeFileSync(at("old"), "before");
    mkdirSync(at("folder"));
    const listening = signals();
    await expect(writeFiles(files())).rejects.toMatchObject({
      _tag: "NotFound",
      parts: { what: "cannot write", where: at(broken) },
    });
    expect(listing()).toEqual({ old: "before", folder: "" });
    expect(signals()).toEqual(listening);
  });

  test("says that the disk is full", async () => {
    await expect(writeFiles([{ path: at("new"), chunks: breaking() }])).rejects.toThrow(/the disk is full/);
  });
});

test("writing that goes well leaves the files alone", async () => {
  writeFileSync(at("old"), "before");
  await writeFiles(["old", "new"].map((name) => ({ path: at(name), chunks: bytes(name) })));
  expect(listing()).toEqual({ old: "old", new: "new" });
});
