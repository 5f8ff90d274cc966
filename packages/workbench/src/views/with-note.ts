/** What must be said before anybody looks at a map, below its figure. */
import { type Figure, roomFor } from "@backlit/core";

const [SIZE, MARGIN, ROOM] = [13, 16, 26];

export const withNote = (figure: Figure, text: string): Figure => ({
  ...figure,
  width: Math.max(figure.width, Math.ceil(roomFor(text, { size: SIZE, bold: true })) + 2 * MARGIN),
  height: figure.height + ROOM,
  marks: [...figure.marks, { kind: "text", text, x: MARGIN, y: figure.height + SIZE - 2, size: SIZE, bold: true }],
});
