/** Files that are no input: named, so that the user knows what was given and what to do with it. */
import { byMark, type Looks, type Mark } from "./looks.ts";

const other = (as: string, fix?: string): Looks => ({ kind: "other", as, ...(fix && { fix }) });
const convert = "convert it to PNG or JPEG";
const toWav = "convert it to WAV";

const MARKS: readonly Mark[] = [
  [0, "ID3", other("an MP3 sound", toWav)],
  [0, "\xff\xfb", other("an MP3 sound", toWav)],
  [0, "fLaC", other("a FLAC sound", toWav)],
  [0, "OggS", other("an Ogg sound", toWav)],
  [4, "ftypM4A", other("an AAC sound", toWav)],
  [4, "ftyp", other("a video", "save a frame of it as PNG")],
  [0, "\x1a\x45\xdf\xa3", other("a video", "save a frame of it as PNG")],
  [0, "\0\0\x01\0", other("an icon", convert)],
  [0, "8BPS", other("a Photoshop document", convert)],
  [0, "\0\0\0\x0cjP", other("a JPEG 2000 picture", convert)],
  [0, "\0\0\0\x0cJXL", other("a JPEG XL picture", convert)],
  [0, "\xff\x0a", other("a JPEG XL picture", convert)],
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

export const foreign = (bytes: Uint8Array, text: string | undefined): Looks | undefined =>
  byMark(bytes, MARKS) ??
  (text !== undefined && /^\s*(<!doctype html|<html)/i.test(text) ? other("a web page", "save the picture itself") : undefined);
