import { byMark, type Looks } from "../looks.ts";

export const detectSound = (bytes: Uint8Array): Looks | undefined =>
  byMark(bytes, [[0, "RIFF????WAVE", { kind: "sound", as: "a WAV sound" }]]);
