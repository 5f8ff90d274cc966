import type { Runtime, SessionOptions } from "@backlit/core";
import { expect, test } from "vitest";
import { deviceNamed, onDevice } from "./device.ts";

const engine = (opens: (device: string | undefined) => boolean) => {
  const asked: (string | undefined)[] = [];
  const runtime = {
    name: "engine",
    async createSession(_: unknown, options: SessionOptions = {}) {
      asked.push(options.device);
      if (!opens(options.device)) throw new Error("no adapter");
      return {};
    },
  } as unknown as Runtime;
  return { runtime, asked };
};
const model = new Uint8Array();

test("a device that opens is asked for, and its numbers are kept apart by its name", async () => {
  const [{ runtime, asked }, said] = [engine(() => true), [] as string[]];
  const on = onDevice(runtime, "cuda", (text) => said.push(text));
  await on.createSession(model);
  await on.createSession(model, { threads: 1 });
  expect(asked).toEqual(["cuda", "cuda"]);
  expect(on.name).toBe("engine, cuda");
  expect(said).toEqual([expect.stringContaining("not tested")]);
});

test("where it does not open the processor does the work, which is said once; a model's own fault stays one", async () => {
  const [{ runtime, asked }, said] = [engine((device) => device === undefined), [] as string[]];
  const on = onDevice(runtime, "webgpu", (text) => said.push(text));
  await on.createSession(model);
  await on.createSession(model);
  expect(asked).toEqual(["webgpu", undefined, undefined]);
  expect(said).toEqual(["device 'webgpu' does not open here, cpu does the work: no adapter"]);
  await expect(onDevice(engine(() => false).runtime, "webgpu", () => {}).createSession(model)).rejects.toThrow("no adapter");
});

test("a device that opened before and does not now is said, too", async () => {
  let fits = true;
  const [{ runtime }, said] = [engine((device) => device === undefined || fits), [] as string[]];
  const on = onDevice(runtime, "cuda", (text) => said.push(text));
  await on.createSession(model);
  fits = false;
  await on.createSession(model);
  expect(said).toEqual([expect.stringContaining("not tested"), expect.stringContaining("cpu does the work")]);
});

test("the processor is the engine itself; other names are refused", () => {
  const { runtime } = engine(() => true);
  expect(onDevice(runtime, "cpu", () => {})).toBe(runtime);
  expect(() => deviceNamed("tpu")).toThrow(expect.objectContaining({ _tag: "Usage" }));
});
