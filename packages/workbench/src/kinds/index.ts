/** Kinds of input, one folder each, in the order they are asked whose a map is; what nobody takes is drawn as a picture. */
import { detectArray } from "./array/detect.ts";
import { readArray } from "./array/read.ts";
import { bytesView } from "./bytes/view.ts";
import { definedKinds } from "./defined.ts";
import { nodesView } from "./graph/view.ts";
import type { Kind } from "./kind.ts";
import { detectPicture } from "./picture/detect.ts";
import { readPicture } from "./picture/read.ts";
import { seriesView } from "./series/view.ts";
import { detectSound } from "./sound/detect.ts";
import { soundView } from "./sound/view.ts";
import { tableView } from "./table/view.ts";
import { textView } from "./text/view.ts";
import { volumeView } from "./volume/view.ts";

export const builtIn: readonly Kind[] = [
  { name: "text", view: textView },
  { name: "bytes", view: bytesView },
  {
    name: "table",
    read: async (loaded, to) => (loaded.kind === "text" ? (await import("./table/read.ts")).readTable(loaded, to) : undefined),
    view: tableView,
  },
  // Frames of a sound are a series of bands, too: they are drawn as frames.
  {
    name: "sound",
    detect: detectSound,
    read: async (loaded, to) => (loaded.kind === "sound" ? (await import("./sound/read.ts")).readSound(loaded, to) : undefined),
    view: soundView,
  },
  { name: "series", view: seriesView },
  { name: "graph", view: nodesView },
  { name: "volume", view: volumeView },
  { name: "array", detect: detectArray, read: readArray },
  { name: "picture", detect: detectPicture, read: readPicture },
];

/** Those from outside first. */
export const kinds = (): readonly Kind[] => [...definedKinds(), ...builtIn];
