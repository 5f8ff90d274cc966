/** What is said where the native runtime is not used. */
import { expect, test } from "vitest";
import { missingNotice } from "./node.ts";

const cause = async (name: string): Promise<unknown> => import(/* @vite-ignore */ name).catch((error: unknown) => error);

test.each([
  [
    "not there",
    new Error("Cannot find package 'onnxruntime-node' imported from file:///somewhere/cli.js"),
    "onnxruntime-node is not installed: using onnxruntime-web, which is slower; to get it, npm install onnxruntime-node",
  ],
  [
    "without its binary",
    new Error("Cannot find module '../bin/napi-v6/x/onnxruntime_binding.node'\nRequire stack:\n- binding.js"),
    "onnxruntime-node does not load here (Cannot find module '../bin/napi-v6/x/onnxruntime_binding.node'): using onnxruntime-web, which is slower; to get it, npm install onnxruntime-node again, where it has a binary for this machine",
  ],
])("%s", (_, error, notice) => expect(missingNotice(error)).toBe(notice));

test("what is no error is told too", async () => {
  expect(missingNotice("no luck")).toContain("does not load here (no luck)");
  expect(missingNotice(await cause("data:text/javascript,throw new Error('one\\ntwo')"))).toContain("does not load here (one)");
});
