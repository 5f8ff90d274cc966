/** What a file's first bytes say it is: to choose a reader, and to tell the user what was given instead of a picture. */
export type Looks =
  | { readonly kind: "npy" | "npz" | "text" | "empty" | "sound"; readonly as: string }
  /** `fix`: what to do where the decoder does not know the format. */
  | { readonly kind: "picture"; readonly as: string; readonly fix?: string }
  /** Something that is no input; `fix` says how to make one of it. */
  | { readonly kind: "other"; readonly as: string; readonly fix?: string };

const picture = (as: string, fix?: string): Looks => ({ kind: "picture", as, ...(fix && { fix }) });
const other = (as: string, fix?: string): Looks => ({ kind: "other", as, ...(fix && { fix }) });
const convert = "convert it to PNG or JPEG";
const toWav = "convert it to WAV";

/** Formats by a mark of latin-1 characters at an offset, `?` fits any; the first that fits. */
const marks: readonly (readonly [offset: number, mark: string, looks: Looks])[] = [
  [0, "\xff\xd8\xff", picture("a JPEG picture")],
  [0, "\x89PNG\r\n", picture("a PNG picture")],
  [0, "GIF8", picture("a GIF picture")],
  [0, "RIFF????WEBP", picture("a WebP picture")],
  [0, "RIFF????WAVE", { kind: "sound", as: "a WAV sound" }],
  [0, "ID3", other("an MP3 sound", toWav)],
  [0, "\xff\xfb", other("an MP3 sound", toWav)],
  [0, "fLaC", other("a FLAC sound", toWav)],
  [0, "OggS", other("an Ogg sound", toWav)],
  [4, "ftypM4A", other("an AAC sound", toWav)],
  [0, "II*\0", picture("a TIFF picture")],
  [0, "MM\0*", picture("a TIFF picture")],
  [0, "BM????\0\0\0\0", picture("a BMP picture")],
  [4, "ftypavif", picture("an AVIF picture")],
  [4, "ftyphei", picture("an HEIC picture", convert)],
  [4, "ftyphevc", picture("an HEIC picture", convert)],
  [4, "ftypmif1", picture("an HEIF picture", convert)], // what is in it may be AVIF's or HEIC's
  [4, "ftypmsf1", picture("an HEIF picture", convert)],
  [4, "ftyp", other("a video", "save a frame of it as PNG")],
  [0, "\x1a\x45\xdf\xa3", other("a video", "save a frame of it as PNG")],
  [0, "\0\0\x01\0", other("an icon", convert)],
  [0, "8BPS", other("a Photoshop document", convert)],
  [0, "\0\0\0\x0cjP", other("a JPEG 2000 picture", convert)],
  [0, "\0\0\0\x0cJXL", other("a JPEG XL picture", convert)],
  [0, "\xff\x0a", other("a JPEG XL picture", convert)],
  [0, "\x93NUMPY", { kind: "npy", as: "a NumPy array" }],
  [0, "%PDF", other("a PDF document", "export the page as PNG")],
  [0, "\x1f\x8b", other("a gzip archive", "unpack it first")],
  [0, "PK\x03\x04", other("a zip archive or an office document", "unpack it first")],
  [0, "PK\x05\x06", other("an empty zip archive")],
  [0, "\x89HDF", other("an HDF5 file", "save the array with numpy.save")],
  [0, "\x80\x02", other("a Python pickle", "save the array with numpy.save")],
  [0, "\x80\x04", other("a Python pickle", "save the array with numpy.save")],
  [0, "\x7fELF", other("a program")],
  [0, "version https://git-lfs", other("a Git LFS pointer, not the file itself", "fetch it with `git lfs pull`")],
];

const fits = (bytes: Uint8Array, offset: number, mark: string): boolean =>
  Array.from(mark).every((character, i) => character === "?" || bytes[offset + i] === character.charCodeAt(0));

/** A zip archive whose first member is an array. */
const isNpz = (bytes: Uint8Array): boolean => {
  if (!fits(bytes, 0, "PK\x03\x04")) return false;
  const length = bytes[26]! | (bytes[27]! << 8);
  return new TextDecoder("latin1").decode(bytes.subarray(30, 30 + length)).endsWith(".npy");
};

/** The beginning as text, undefined when it is not UTF-8 without control characters. */
const asText = (bytes: Uint8Array): string | undefined => {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, 4096), { stream: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what tells text from data
    return /[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
};

/** Says what the bytes (all of a file or its first few thousand) look like. */
export const looksLike = (bytes: Uint8Array): Looks => {
  if (bytes.length === 0) return { kind: "empty", as: "an empty file" };
  if (isNpz(bytes)) return { kind: "npz", as: "NumPy arrays" };
  const marked = marks.find(([offset, mark]) => fits(bytes, offset, mark));
  if (marked) return marked[2];
  const text = asText(bytes);
  if (text === undefined) return other("data of an unknown kind");
  if (/^\s*(<\?xml|<!--|<!DOCTYPE svg|<svg)/i.test(text) && /<svg[\s>]/i.test(text)) return picture("an SVG drawing");
  if (/^\s*(<!doctype html|<html)/i.test(text)) return other("a web page", "save the picture itself");
  return { kind: "text", as: "text" };
};
