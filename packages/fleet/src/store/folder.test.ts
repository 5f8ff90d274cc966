/** A store keeps what was put, whole or not at all, and says what is wrong in one line. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { fail } from "@backlit/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folderObjects } from "./folder.ts";
import { keptStore } from "./kept.ts";
import type { Objects } from "./objects.ts";
import { steadfast } from "./steadfast.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "backlit-store-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = (value: string) => new TextEncoder().encode(value);

test("of many who create, one wins; nothing temporary is left", async () => {
  const objects = folderObjects(folder);
  const won = await Promise.all(Array.from({ length: 8 }, (_, i) => objects.create("a/bound", text(`${i}`))));
  expect(won.filter(Boolean).length).toBe(1);
  expect(new TextDecoder().decode(await objects.get("a/bound"))).toBe(`${won.indexOf(true)}`);
  await Promise.all(Array.from({ length: 8 }, () => objects.put("a/same", text("same"))));
  expect(readdirSync(join(folder, "a")).sort()).toEqual(["bound", "same"]);
  expect(await objects.get("a/none")).toBeUndefined();
  expect(await objects.has("a/same")).toBe(true);
});

test("a result whose bytes are not those that were written is missing", async () => {
  const objects = folderObjects(folder);
  const store = keptStore(objects);
  await store.put("abcd", { v: 1 });
  expect(await store.get("abcd")).toEqual({ v: 1 });
  const [file] = readdirSync(join(folder, "units", "ab"));
  writeFileSync(join(folder, "units", "ab", file!), `${"0".repeat(64)}\n{"v":2}\n`);
  expect(await store.get("abcd")).toBeUndefined();
});

test("a full disk leaves no half of a file, is said in words, and waited for", async () => {
  if (userInfo().uid !== 0) return; // only root mounts
  const small = join(folder, "small");
  execFileSync("mkdir", [small]);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", small], { stdio: "ignore" });
  } catch {
    return; // a container that may not mount
  }
  try {
    const objects = folderObjects(small);
    writeFileSync(join(small, "ballast"), new Uint8Array(48 * 1024));
    await expect(objects.put("a/large", new Uint8Array(32 * 1024))).rejects.toMatchObject({
      _tag: "Store",
      message: expect.stringContaining("the disk is full"),
    });
    expect(readdirSync(join(small, "a"))).toEqual([]);
    const notes: string[] = [];
    const patient = steadfast(objects, {
      first: 1,
      note: (why) => {
        notes.push(why);
        rmSync(join(small, "ballast"), { force: true });
      },
    });
    await patient.put("a/large", new Uint8Array(32 * 1024));
    expect(notes.length).toBe(1);
    expect((await objects.get("a/large"))?.length).toBe(32 * 1024);
  } finally {
    execFileSync("umount", [small]);
  }
});

test("a store that fails with ENOSPC for a while is asked again, other errors are thrown, and a stop ends it", async () => {
  let left = 3;
  const full = fail("Store", { what: "the store does not answer", why: "the disk is full" });
  const objects = {
    place: "",
    put: async () => {
      if (left-- > 0) throw full;
    },
    get: async () => {
      throw new Error("another");
    },
    has: async () => {
      throw full;
    },
  } as unknown as Objects;
  const waits: number[] = [];
  await steadfast(objects, { note: (_, wait) => void waits.push(wait), first: 1, most: 3 }).put("a", text(""));
  expect(waits).toEqual([1, 2, 3]);
  await expect(steadfast(objects, { note: () => {} }).get("a")).rejects.toThrow("another");
  const stop = new AbortController();
  const stopped = steadfast(objects, { note: () => stop.abort(), signal: stop.signal }).has("a");
  await expect(stopped).rejects.toThrow();
});
