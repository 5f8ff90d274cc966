/** Results that come with the page: a result with its map in 16 bits and its picture as a file of the browser's kinds. */
import type { Plane } from "@backlit/core/render";
import type { Shown } from "./shown.ts";

export interface Stored {
  readonly classes: Shown["classes"];
  readonly target: string;
  readonly hash: string;
  /** Of a picture: its plane in steps of limit / 32767, little-endian, base64; `seen`: what the model saw, a WebP file, base64. */
  readonly picture?: {
    readonly width: number;
    readonly height: number;
    readonly limit: number;
    readonly values: string;
    readonly seen: string;
  };
  readonly drawn?: Shown["drawn"];
}

const STEPS = 32767;

/**
 * `seen`: the picture the model saw, a file in base64.
 * @internal Exported for what writes the stored results.
 */
export const storedOf = (shown: Shown, seen: string): Stored => {
  const { classes, target, hash, drawn } = shown;
  if (drawn?.kind !== "picture") return { classes, target, hash, ...(drawn && { drawn }) };
  return { classes, target, hash, picture: { ...packedPlane(drawn.plane), seen } };
};

/** In steps of limit / 32767, little-endian, base64. */
export const packedPlane = ({ width, height, values }: Plane) => {
  const limit = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const steps = Int16Array.from(values, (value) => Math.round((value / (limit || 1)) * STEPS));
  const packed = btoa(Array.from(new Uint8Array(steps.buffer), (byte) => String.fromCharCode(byte)).join(""));
  return { width, height, limit, values: packed };
};

export const bytesIn = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** The values of a stored plane. */
export const planeIn = ({ width, height, limit, values }: NonNullable<Stored["picture"]>) => {
  return { width, height, values: Float32Array.from(new Int16Array(bytesIn(values).buffer), (step) => (step / STEPS) * limit) };
};
