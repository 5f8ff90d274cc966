/** What workers see of a submitter's disk: the files that were staged, by their content, and nothing else. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nodeFiles } from "../../../backlit/src/host/files.ts";
import { nodeHost } from "../../../backlit/src/host/index.ts";
import { folderObjects } from "../store/folder.ts";
import { blobName, sha256Of } from "../store/objects.ts";
import { recorded } from "./recorded.ts";
import { stage } from "./stage.ts";
import { stagedFiles } from "./staged-files.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "backlit-inputs-"));
  mkdirSync(join(folder, "data", "sub"), { recursive: true });
  for (const name of ["model.onnx", "secret", "data/a.png", "data/sub/b.png"])
    writeFileSync(join(folder, name), `content of ${name}`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const staged = async (store: string) => {
  const { host, seen } = recorded(nodeHost({ here: true }), folder);
  await host.files.read(join(folder, "model.onnx"));
  await host.files.info(join(folder, "absent"));
  const objects = folderObjects(join(folder, store));
  const whole = ["data"];
  const manifest = await stage({ objects, files: nodeFiles(), cwd: folder, seen, whole, progress: () => {} });
  return { objects, manifest, files: stagedFiles(manifest, objects, join(folder, `cache-${store}`)) };
};

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

test("files are there under their names, relative ones too; folders list what was staged", async () => {
  const { files, manifest } = await staged("store");
  expect(Object.keys(manifest.files).map((path) => path.slice(folder.length + 1))).toEqual([
    "data/a.png",
    "data/sub/b.png",
    "model.onnx",
  ]);
  expect(text(await files.read("data/a.png"))).toBe("content of data/a.png");
  expect(text(await files.slice(join(folder, "model.onnx"), 8, 2))).toBe("of");
  expect(await files.sha256!("model.onnx")).toBe(sha256Of("content of model.onnx"));
  expect((await files.list("data")).map(({ name, kind }) => `${kind} ${name}`)).toEqual(["file a.png", "folder sub"]);
  expect(await files.info("data/sub")).toMatchObject({ kind: "folder" });
});

test("what was not staged is not there, though it is on this disk", async () => {
  const { files } = await staged("store");
  for (const path of ["secret", join(folder, "secret"), "data/../secret", "/etc/passwd"]) {
    expect(await files.info(path), path).toBeUndefined();
    await expect(files.read(path)).rejects.toMatchObject({ _tag: "NotFound" });
  }
  await expect(files.list("/etc")).rejects.toMatchObject({ _tag: "NotFound" });
});

test("an input that was changed in the store is refused, one that was changed in the cache is fetched again", async () => {
  const { manifest, objects, files } = await staged("changed");
  const [, sha256] = manifest.files[join(folder, "model.onnx")]!;
  await files.read("model.onnx");
  writeFileSync(join(folder, "cache-changed", blobName(sha256)), "damaged");
  const again = stagedFiles(manifest, objects, join(folder, "cache-changed"));
  expect(text(await again.read("model.onnx"))).toBe("content of model.onnx");
  writeFileSync(join(folder, "changed", blobName(sha256)), "another");
  const elsewhere = stagedFiles(manifest, objects, join(folder, "cache-elsewhere"));
  await expect(elsewhere.read("model.onnx")).rejects.toMatchObject({
    message: expect.stringContaining("its content is another"),
  });
});
