/** Tables (.csv, .parquet, .json and .jsonl records, .txt lines) as samples: rows of features, texts, or encoded pictures. */
import { fail, preprocess } from "@backlit/core";
import { readInput } from "../host/files.ts";
import { hashing } from "../host/hash.ts";
import type { InputHost } from "../inputs/read.ts";
import { decodePicture } from "../kinds/decode-picture.ts";
import { preprocessorOf } from "../kinds/picture/preprocessor.ts";
import { readCsv } from "../kinds/table/csv.ts";
import { columnLike, LABEL_COLUMNS } from "../kinds/table/label.ts";
import { tableSamples } from "../kinds/table/rows.ts";
import { tokenInput } from "../kinds/text/feeds.ts";
import { knowsMissing, modelInputs, pictureInput } from "../models/inputs.ts";
import type { Bundle } from "../models/open.ts";
import { rowOf } from "../samples/feeds.ts";
import type { DataItem, DataSet, ReadRows } from "./item.ts";
import { type Cell, type Columns, readParquet } from "./parquet.ts";
import { textRows } from "./texts.ts";

const PICTURE = ["image", "img", "picture", "bytes"];

export const isTable = (path: string): boolean => /\.(csv|tsv|parquet|json|txt)$/i.test(path) || JSON_LINES.test(path);
const JSON_LINES = /\.(jsonl|ndjson)$/i;

/** `label`: the column of the labels, where it has no usual name. Throws Usage, NotFound, BadInput. */
export const tableData = async (host: InputHost, path: string, bundle: Bundle, label?: string): Promise<DataSet> => {
  const bytes = await readInput(host.files, path);
  const columns = await columnsOf(path, bytes, bundle);
  const names = [...columns.keys()];
  if (label !== undefined && !columns.has(label))
    throw fail("Usage", { what: `--label ${label}`, fix: `the columns are ${names.slice(0, 20).join(", ")}` });
  const inputs = modelInputs(bundle.model).map(({ name }) => name);
  const own =
    label ?? LABEL_COLUMNS.map((name) => columnLike(names, name)).find((name) => name !== undefined && !inputs.includes(name));
  const labels = own === undefined ? undefined : columns.get(own)!;
  const rest: Columns = new Map([...columns].filter(([name]) => name !== own));
  const { loaders, ...set } = await samplesOf(host, rest, path, bundle);
  return {
    ...set,
    sha256: (await hashing()).update(bytes).hex(),
    items: loaders.map((load, n): DataItem => {
      const written = labels?.[n];
      return { name: `row ${n}`, ...(written !== undefined && written !== null && { label: String(written) }), load };
    }),
  };
};

const first = (columns: Columns, wanted: readonly string[], is: (cell: Cell) => boolean): readonly Cell[] | undefined => {
  const usual = wanted.map((name) => columnLike([...columns.keys()], name)).filter((name) => name !== undefined);
  return [...usual.map((name) => columns.get(name)!), ...columns.values()].find((cells) => cells.some(is));
};

const columnsOf = async (path: string, bytes: Uint8Array, bundle: Bundle): Promise<Columns> => {
  if (/\.parquet$/i.test(path)) return readParquet(bytes, path);
  const text = new TextDecoder().decode(bytes);
  if (/\.txt$/i.test(path)) return new Map([["text", text.split(/\r?\n/).filter((line) => line.trim() !== "")]]);
  if (/\.json$/i.test(path)) return fromRecords(text, path);
  if (JSON_LINES.test(path))
    return fromRecords(
      `[${text
        .trim()
        .split(/\r?\n/)
        .filter((line) => line.trim() !== "")
        .join(",")}]`,
      path,
    );
  const { header, rows } = await readCsv(text, path);
  const names = header ?? rows[0]!.map((_, i) => (bundle.tokenizer && i === 0 ? "text" : `feature ${i + 1}`));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw fail("BadInput", { what: `two columns are called '${twice}'`, where: path, fix: "rename one" });
  return new Map(names.map((name, i) => [name, rows.map((row) => row[i]!)]));
};

/** [{"text": "…", "label": 1}, …] */
const fromRecords = (text: string, path: string): Columns => {
  const bad = (why: string) =>
    fail("BadInput", { what: "no records", where: path, why, fix: 'give a list such as [{"text": "good", "label": 1}]' });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw bad((cause as Error).message);
  }
  if (!Array.isArray(json) || json.length === 0 || !json.every((one) => typeof one === "object" && one !== null))
    throw bad("it is no list of objects");
  const plain = (value: unknown): value is Cell => ["string", "number", "boolean"].includes(typeof value);
  const names = [...new Set(json.flatMap((one) => Object.keys(one)))].filter((name) => json.some((one) => plain(one[name])));
  return new Map(names.map((name) => [name, json.map((one): Cell => (plain(one[name]) ? one[name] : null))]));
};

const samplesOf = async (host: InputHost, columns: Columns, path: string, bundle: Bundle): Promise<ReadRows> => {
  const pictures = first(columns, PICTURE, (cell) => cell instanceof Uint8Array);
  if (pictures !== undefined) return pictureRows(host, pictures, path, bundle);
  const ids = tokenInput(modelInputs(bundle.model));
  if (bundle.tokenizer !== undefined && ids !== undefined)
    return textRows(host, columns, path, { ...bundle, tokenizer: bundle.tokenizer });
  if (bundle.textColumns !== undefined)
    throw fail("Usage", { what: "--text-columns", why: "the model has no tokenizer.json beside it", fix: "leave it out" });
  return featureRows(columns, path, bundle);
};

const pictureRows = ({ pictures }: InputHost, cells: readonly Cell[], path: string, bundle: Bundle): ReadRows => {
  const input = pictureInput(bundle.model);
  if (input === undefined)
    throw fail("BadInput", { what: "the model takes no pictures", where: path, fix: "give what it takes" });
  const preprocessor = preprocessorOf(bundle)!;
  const { resize, crop } = preprocessor;
  const loaders = cells.map((cell, n) => async () => {
    const name = `${path}, row ${n}`;
    if (!(cell instanceof Uint8Array)) throw fail("BadInput", { what: "a row without a picture", where: name });
    const { tensor, geometry } = preprocess(await decodePicture(pictures, cell, { name }), preprocessor);
    return { feeds: { [input.name]: tensor }, geometry };
  });
  return { loaders, even: crop !== null || resize?.to === "size", preprocessor, notices: preprocessor.notices };
};

const featureRows = (columns: Columns, path: string, bundle: Bundle): ReadRows => {
  const header = [...columns.keys()];
  const count = [...columns.values()][0]?.length ?? 0;
  const written = (cell: Cell): string =>
    cell === null || cell instanceof Uint8Array ? "" : String(Number.isNaN(cell) ? "" : cell);
  const rows = Array.from({ length: count }, (_, n) => header.map((name) => written(columns.get(name)![n]!)));
  if (count === 0 || header.length === 0)
    throw fail("BadInput", { what: "no samples", where: path, fix: "give rows of numbers" });
  const notices = new Set<string>();
  const made = tableSamples({ header, rows }, modelInputs(bundle.model), path, {
    missing: knowsMissing(bundle.model),
    note: (text) => void notices.add(text),
  });
  const loaders = made.flatMap(({ feeds }) => {
    const rows = Object.values(feeds)[0]!.dims[0]!;
    return Array.from({ length: rows }, (_, n) => async () => ({ feeds: rowOf(feeds, n) }));
  });
  const features = made[0]?.features;
  return { loaders, even: true, ...(features && { features }), notices: [...notices] };
};
