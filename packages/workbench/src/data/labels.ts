/** Labels in a file beside pictures: CSV with a line a picture (or box), JSON in any of the forms people write it in, COCO. */

import { fail } from "@backlit/core";
import { type Files, textOf as textOfFile } from "../host/files.ts";
import { isNumber, readCsv } from "../kinds/table/csv.ts";
import type { Box, DataObject } from "./item.ts";

export interface FileLabel {
  readonly label?: string;
  readonly objects?: readonly DataObject[];
}

const FILES = ["labels.csv", "labels.json", "metadata.csv", "metadata.json", "annotations.csv", "annotations.json"];
const FILE = ["file", "file_name", "filename", "path", "image", "name"];
const LABEL = ["label", "class", "expected", "target", "category", "labels"];
const CORNERS = [
  ["x0", "y0", "x1", "y1"],
  ["xmin", "ymin", "xmax", "ymax"],
  ["left", "top", "right", "bottom"],
];

type Json = Readonly<Record<string, unknown>>;

/** The file of a folder that holds its labels: one of the usual names, or the only table or JSON file there. */
export const labelsFile = (names: readonly string[]): string | undefined => {
  const usual = FILES.find((name) => names.includes(name));
  const others = names.filter((name) => /\.(csv|json)$/i.test(name));
  return usual ?? (others.length === 1 ? others[0] : undefined);
};

/** By file name. Throws BadInput. */
export const readLabelFile = async (files: Files, path: string): Promise<ReadonlyMap<string, FileLabel>> => {
  const text = await textOfFile(files, path, "cannot read the labels");
  const found = /\.csv$/i.test(path) ? await fromCsv(text, path) : fromJson(text, path);
  if (found.size === 0) throw bad(path, "it names no files");
  return found;
};

const bad = (path: string, why: string) =>
  fail("BadInput", {
    what: "the labels cannot be read",
    where: path,
    why,
    fix: 'write "file,label" lines, or JSON as in [{"file": "a.png", "label": "cat"}]',
  });

const fromCsv = async (text: string, path: string): Promise<ReadonlyMap<string, FileLabel>> => {
  const { header, rows } = await readCsv(text, path);
  const column = (names: readonly string[]) => header?.findIndex((name) => names.includes(name.trim().toLowerCase())) ?? -1;
  // Without titles: file, label.
  const titled = column(FILE) >= 0;
  const [file, label] = titled ? [column(FILE), column(LABEL)] : [0, 1];
  const corners = titled
    ? CORNERS.map((names) => names.map((name) => column([name]))).find((all) => all.every((at) => at >= 0))
    : undefined;
  const found = new Map<string, FileLabel>();
  for (const row of titled || header === undefined ? rows : [header, ...rows]) {
    const own = row[label];
    const box = corners?.map((at) => row[at]!);
    const before = found.get(row[file]!);
    const objects = box?.every(isNumber)
      ? [...(before?.objects ?? []), objectOf(box.map(Number) as unknown as Box, own)]
      : before?.objects;
    found.set(row[file]!, {
      ...(own !== undefined && own !== "" && { label: before?.label ?? own }),
      ...(objects && { objects }),
    });
  }
  return found;
};

const objectOf = (box: Box, label: string | undefined): DataObject => ({ box, ...(label !== undefined && { classes: [label] }) });

const fromJson = (text: string, path: string): ReadonlyMap<string, FileLabel> => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw bad(path, (cause as Error).message);
  }
  if (isRecord(json) && Array.isArray(json.annotations) && Array.isArray(json.images)) return fromCoco(json);
  const list = Array.isArray(json)
    ? json
    : isRecord(json)
      ? Object.values(json).find((value) => records(value).length > 0)
      : undefined;
  const entries = records(list).map((record) => [fileOf(record)!, record] as const);
  if (entries.length > 0) return new Map(entries.map(([file, record]) => [file, labelOf(record)]));
  if (!isRecord(json)) throw bad(path, "it is no list of files");
  // {"a.png": "cat", "b.png": {"label": "dog", "box": [0, 0, 9, 9]}}
  const named = Object.entries(json).filter(([, value]) => isRecord(value) || textOf(value) !== undefined);
  return new Map(named.map(([file, value]) => [file, isRecord(value) ? labelOf(value) : { label: textOf(value)! }]));
};

const isRecord = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
const records = (list: unknown): readonly Json[] =>
  Array.isArray(list) ? list.filter((one) => isRecord(one) && fileOf(one) !== undefined) : [];
const fileOf = (record: Json): string | undefined =>
  FILE.map((key) => record[key]).find((value): value is string => typeof value === "string");

/** A class: its name, its index, or a record of both, whose index counts. */
const textOf = (value: unknown): string | undefined => {
  if (typeof value === "string" || typeof value === "number") return String(value);
  return isRecord(value) ? textOf(value.index ?? value.label ?? value.name) : undefined;
};

const classOf = (record: Json): string | undefined => {
  const key = LABEL.find((name) => record[name] !== undefined && record[name] !== null);
  return textOf(record.index) ?? (key === undefined ? undefined : textOf(record[key]));
};

const labelOf = (record: Json): FileLabel => {
  const label = classOf(record);
  const boxes = record.objects ?? record.boxes ?? (record.box === undefined ? undefined : [record.box]);
  const objects = Array.isArray(boxes) ? boxes.flatMap((one): DataObject[] => readObject(one)) : undefined;
  return { ...(label !== undefined && { label }), ...(objects && { objects }) };
};

const readObject = (one: unknown): DataObject[] => {
  if (isBox(one)) return [{ box: one }];
  if (!isRecord(one) || !isBox(one.box)) return [];
  const accepted = Array.isArray(one.accepted) ? one.accepted.map(textOf).filter((text) => text !== undefined) : [];
  const own = classOf(one);
  const classes = [...new Set([...(own === undefined ? [] : [own]), ...accepted])];
  return [{ box: one.box, ...(classes.length > 0 && { classes }) }];
};

const isBox = (value: unknown): value is Box =>
  Array.isArray(value) && value.length === 4 && value.every((corner) => typeof corner === "number" && Number.isFinite(corner));

/** COCO: boxes are left, top, width, height; the first category is the label. */
const fromCoco = (json: Json): ReadonlyMap<string, FileLabel> => {
  const list = (key: string) => (json[key] ?? []) as readonly Json[];
  const names = new Map(list("categories").map(({ id, name }) => [id, String(name)]));
  return new Map(
    list("images").map((image) => {
      const own = list("annotations").filter(({ image_id }) => image_id === image.id);
      const objects = own.flatMap(({ bbox, category_id }): DataObject[] => {
        if (!isBox(bbox)) return [];
        const [x, y, width, height] = bbox;
        return [objectOf([x, y, x + width, y + height], names.get(category_id))];
      });
      const label = names.get(own[0]?.category_id);
      return [String(image.file_name), { ...(label !== undefined && { label }), objects }];
    }),
  );
};
