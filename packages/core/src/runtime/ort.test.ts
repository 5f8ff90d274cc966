import { expect, test } from "vitest";
import { ortRuntime } from "./ort.ts";

/** A module that refuses to load. */
const refusing = (why: string) =>
  ortRuntime({ InferenceSession: { create: () => Promise.reject(new Error(why)) }, Tensor: Object }, { name: "a runtime" });
const load = (why: string) => refusing(why).createSession(new Uint8Array());

test("maps of doubles, which no runtime loads, are told with what helps", async () => {
  const why = "Type Error: Type (seq(map(int64,tensor(double)))) of output arg (z) of node (ZipMap) does not match expected type";
  await expect(load(why)).rejects.toThrow("options={'zipmap': False}");
  await expect(load("out of memory")).rejects.toThrow(/cannot load the model: out of memory$/);
});
