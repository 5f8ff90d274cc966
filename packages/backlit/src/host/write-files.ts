/** Output files appear whole or not at all: written under a temporary name beside the target, then renamed. */
import { renameSync, rmSync, statSync } from "node:fs";
import { access, constants, mkdir, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fail, isBacklitError } from "@backlit/core";
import type { OutputFile } from "@backlit/workbench";

/**
 * To be asked before the work: each folder must exist and be writable, no target may be a folder, or one of the files read.
 * Throws NotFound and Usage.
 */
export const checkOutputs = async (paths: readonly string[], inputs: readonly string[] = []): Promise<void> => {
  const read = new Set(await Promise.all(inputs.map((path) => realpath(path).catch(() => path))));
  for (const path of paths) {
    const folder = dirname(path);
    const info = await stat(folder).catch(() => undefined);
    if (!info?.isDirectory()) throw fail("NotFound", { what: "no such folder", where: folder, fix: "create it first" });
    const target = await stat(path).catch(() => undefined);
    if (target?.isDirectory()) throw fail("Usage", { what: "the output is a folder", where: path, fix: "give a file name" });
    if (target && read.has(await realpath(path)))
      throw fail("Usage", { what: "the output would overwrite an input", where: path, fix: "give another name" });
    await access(folder, constants.W_OK).catch((cause) => {
      throw cannotWrite(path, cause);
    });
  }
  const twice = paths.find((path, i) => paths.indexOf(path) !== i);
  if (twice !== undefined) throw fail("Usage", { what: "two outputs have one name", where: twice, fix: "give each its own" });
};

/**
 * Writes all files or none: what stood there before comes back when one fails. `check` looks at them where they are to stay: when it throws
 * they all go. Throws NotFound when a place cannot be written to.
 */
export const writeFiles = async (files: readonly OutputFile[], check?: () => Promise<void>): Promise<void> => {
  const beside = (path: string, end: string) => join(dirname(path), `.${basename(path)}.${process.pid}.${end}`);
  const temporary = files.map(({ path }) => beside(path, "tmp"));
  const placed: { readonly path: string; readonly before?: string }[] = [];
  const clean = () => {
    for (const path of temporary) rmSync(path, { force: true });
    for (const { path, before } of placed.splice(0)) {
      rmSync(path, { force: true });
      if (before !== undefined) renameSync(before, path);
    }
  };
  const interrupted = (signal: NodeJS.Signals) => {
    clean();
    process.exit(signal === "SIGINT" ? 130 : 143);
  };
  process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  let current = "";
  try {
    for (const [i, { path, chunks }] of files.entries()) {
      current = path;
      await writeChunks(temporary[i]!, chunks);
    }
    for (const [i, { path }] of files.entries()) {
      current = path;
      const before = (check !== undefined || files.length > 1) && isFile(path) ? beside(path, "old") : undefined;
      if (before !== undefined) {
        await rename(path, before);
        placed.push({ path, before });
      }
      await rename(temporary[i]!, path);
      if (before === undefined) placed.push({ path });
    }
    await check?.();
    for (const { before } of placed.splice(0)) if (before !== undefined) await rm(before, { force: true });
  } catch (cause) {
    clean();
    throw isBacklitError(cause) ? cause : cannotWrite(current, cause as NodeJS.ErrnoException);
  } finally {
    process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
  }
};

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

const writeChunks = async (path: string, chunks: OutputFile["chunks"]): Promise<void> => {
  const handle = await open(path, "w");
  try {
    for await (const chunk of chunks) await handle.writeFile(chunk);
  } finally {
    await handle.close();
  }
};

const reasons: Readonly<Record<string, string>> = {
  EACCES: "no permission",
  EPERM: "no permission",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  ENOENT: "no file can be made there",
};

export const whyNotWritten = ({ code, message }: NodeJS.ErrnoException): string => reasons[code ?? ""] ?? message;

const cannotWrite = (path: string, cause: NodeJS.ErrnoException) =>
  fail("NotFound", { what: "cannot write", where: path, why: whyNotWritten(cause), fix: "choose another place" }, cause);

/** The folder is made where it is missing, not those above it. */
export const openFolder = async (folder: string): Promise<void> => {
  const info = await stat(folder).catch(() => undefined);
  if (info?.isDirectory()) return;
  if (info !== undefined) throw fail("Usage", { what: "the output is no folder", where: folder, fix: "give another name" });
  if (!(await stat(dirname(folder)).catch(() => undefined))?.isDirectory())
    throw fail("NotFound", { what: "no such folder", where: dirname(folder), fix: "create it first" });
  await mkdir(folder);
};
