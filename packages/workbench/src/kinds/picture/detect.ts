/** Formats of pictures by their marks; an SVG drawing by its text. */
import { asText, byMark, type Looks, type Mark } from "../looks.ts";

const picture = (as: string): Looks => ({ kind: "picture", as });
/** Of HEIF what holds AV1 is decoded everywhere; HEVC, which phones write, costs patents and is left out of most libraries. */
const heif = (as: string): Looks => ({
  kind: "picture",
  as,
  why: "what it holds is most likely HEVC, which the picture library here cannot decode",
  fix: "convert it to JPEG or PNG first",
});

const MARKS: readonly Mark[] = [
  [0, "\xff\xd8\xff", picture("a JPEG picture")],
  [0, "\x89PNG\r\n", picture("a PNG picture")],
  [0, "GIF8", picture("a GIF picture")],
  [0, "RIFF????WEBP", picture("a WebP picture")],
  [0, "II*\0", picture("a TIFF picture")],
  [0, "MM\0*", picture("a TIFF picture")],
  [0, "BM????\0\0\0\0", picture("a BMP picture")],
  [4, "ftypavif", picture("an AVIF picture")],
  [4, "ftyphei", heif("an HEIC picture")],
  [4, "ftyphevc", heif("an HEIC picture")],
  [4, "ftypmif1", heif("an HEIF picture")], // what is in it may be AVIF's or HEIC's
  [4, "ftypmsf1", heif("an HEIF picture")],
];

export const detectPicture = (bytes: Uint8Array): Looks | undefined => {
  const marked = byMark(bytes, MARKS);
  if (marked !== undefined) return marked;
  const text = asText(bytes) ?? "";
  const drawing = /^\s*(<\?xml|<!--|<!DOCTYPE svg|<svg)/i.test(text) && /<svg[\s>]/i.test(text);
  return drawing ? picture("an SVG drawing") : undefined;
};
