/**
 * How the model's input lies on the picture: the picture is scaled to `resized`, and the input is the window of it whose
 * top left is (left, top), which may be negative where a small picture was padded. Coordinates are continuous, (0, 0) is the
 * top left corner of the first pixel.
 */
export interface Geometry {
  readonly picture: Size;
  readonly resized: Size;
  readonly input: Size;
  readonly left: number;
  readonly top: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where a point of the input lies on the picture. */
export const toPicture = ({ picture, resized, left, top }: Geometry, { x, y }: Point): Point => ({
  x: ((x + left) * picture.width) / resized.width,
  y: ((y + top) * picture.height) / resized.height,
});

/** Where a point of the picture lies on the input; outside 0..size for what was cropped away. */
export const toInput = ({ picture, resized, left, top }: Geometry, { x, y }: Point): Point => ({
  x: (x * resized.width) / picture.width - left,
  y: (y * resized.height) / picture.height - top,
});

/** The rectangle of the picture that the model sees: a heatmap stretched over it lies where it belongs. */
export const seenRectangle = (geometry: Geometry): Point & Size => {
  const { x, y } = toPicture(geometry, { x: 0, y: 0 });
  const end = toPicture(geometry, { x: geometry.input.width, y: geometry.input.height });
  return { x, y, width: end.x - x, height: end.y - y };
};
