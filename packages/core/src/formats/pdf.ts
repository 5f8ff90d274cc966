/**
 * A PDF page (ISO 32000-1): objects one after the other, their offsets in a table at the end. Texts stand as text in the fonts every reader
 * has; pictures are embedded.
 */

import { zlibSync } from "fflate";
import { joinBytes } from "../tensor/bytes.ts";

/** Objects of a file under way; numbers from 1. */
export interface PdfObjects {
  /** Number of a new object: a dictionary, or a dictionary with a stream, which is deflated. */
  add(dictionary: string, stream?: Uint8Array): number;
}

interface PdfPage {
  /** Points. */
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** Operators of the page, and names of what they use, made with `objects`. */
  draw(objects: PdfObjects): { readonly content: string; readonly resources: string };
}

/** The whole file. */
export const writePdf = ({ width, height, title, draw }: PdfPage): Uint8Array => {
  const bodies: Uint8Array[] = [];
  const objects: PdfObjects = {
    add: (dictionary, stream) => {
      bodies.push(bodyOf(dictionary, stream));
      return bodies.length;
    },
  };
  const { content, resources } = draw(objects);
  const contents = objects.add("", latin(content));
  const pages = bodies.length + 2;
  const page = objects.add(
    `/Type /Page /Parent ${pages} 0 R /MediaBox [0 0 ${point(width)} ${point(height)}] /Contents ${contents} 0 R /Resources << ${resources} >>`,
  );
  objects.add(`/Type /Pages /Kids [${page} 0 R] /Count 1`);
  const catalog = objects.add(`/Type /Catalog /Pages ${pages} 0 R /Lang (en) /ViewerPreferences << /DisplayDocTitle true >>`);
  const info = objects.add(`/Title ${pdfText(title)} /Producer (backlit)`);
  const parts: Uint8Array[] = [latin("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")];
  let at = parts[0]!.length;
  const offsets = bodies.map((body, i) => {
    const start = at;
    for (const part of [latin(`${i + 1} 0 obj\n`), body, latin("\nendobj\n")]) {
      parts.push(part);
      at += part.length;
    }
    return start;
  });
  const rows = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  parts.push(
    latin(
      `xref\n0 ${bodies.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${bodies.length + 1} /Root ${catalog} 0 R /Info ${info} 0 R >>\nstartxref\n${at}\n%%EOF\n`,
    ),
  );
  return joinBytes(parts);
};

const bodyOf = (dictionary: string, stream: Uint8Array | undefined): Uint8Array => {
  if (stream === undefined) return latin(`<< ${dictionary} >>`);
  const packed = zlibSync(stream);
  return joinBytes([
    latin(`<< ${dictionary} /Length ${packed.length} /Filter /FlateDecode >>\nstream\n`),
    packed,
    latin("\nendstream"),
  ]);
};

/** A character a byte. */
const latin = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Numbers as PDF has them: no exponent. */
export const point = (value: number): string => String(Number(value.toFixed(3)));

/** A text outside of fonts: UTF-16, in hexadecimal. */
export const pdfText = (text: string): string =>
  `<feff${Array.from({ length: text.length }, (_, i) => text.charCodeAt(i).toString(16).padStart(4, "0")).join("")}>`;
