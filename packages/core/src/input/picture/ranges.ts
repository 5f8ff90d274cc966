/** Ranges that pixels are brought to before mean and deviation, and the maps from bytes that do so. */
export const PICTURE_RANGES = ["0..255", "0..1", "-1..1"] as const;

export type PictureRange = (typeof PICTURE_RANGES)[number];

export const AFFINE = {
  "0..255": { scale: 1, offset: 0 },
  "0..1": { scale: 1 / 255, offset: 0 },
  "-1..1": { scale: 1 / 127.5, offset: -1 },
} as const satisfies Record<PictureRange, { scale: number; offset: number }>;
