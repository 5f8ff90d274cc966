/** NumPy's files: an array, or a zip archive whose first member is one. */
import { byMark, fitsMark, type Looks } from "../looks.ts";

export const detectArray = (bytes: Uint8Array): Looks | undefined =>
  isNpz(bytes) ? { kind: "npz", as: "NumPy arrays" } : byMark(bytes, [[0, "\x93NUMPY", { kind: "npy", as: "a NumPy array" }]]);

const isNpz = (bytes: Uint8Array): boolean => {
  if (!fitsMark(bytes, 0, "PK\x03\x04")) return false;
  const length = bytes[26]! | (bytes[27]! << 8);
  return new TextDecoder("latin1").decode(bytes.subarray(30, 30 + length)).endsWith(".npy");
};
