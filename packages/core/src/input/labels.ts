/** Class names: read from a model's config, and found again by what a user types. */

import { fail } from "../errors.ts";
import { editDistance } from "../numeric/edit-distance.ts";
import { maxOf, minOf } from "../numeric/extremes.ts";
import { type Config, isRecord } from "./picture/config.ts";

const isNames = (value: unknown): value is string[] => Array.isArray(value) && value.every((name) => typeof name === "string");

const bad = (why: string) => fail("BadInput", { what: "the class names cannot be read", why });

/** {"0": "tench", …} as an array; classes without a name are called by their index. */
const fromIndex = (names: Config): string[] => {
  const entries = Object.entries(names).map(([index, name]) => [Number(index), name] as const);
  const count =
    maxOf(
      entries.map(([index]) => index),
      -1,
    ) + 1;
  if (!Number.isInteger(count) || count > 1e6 || entries.some(([index, name]) => !(index >= 0) || typeof name !== "string"))
    throw bad("id2label must map class indices to names");
  const labels = Array.from({ length: count }, (_, index) => `class ${index}`);
  for (const [index, name] of entries) labels[index] = name as string;
  return labels;
};

/**
 * Class names by index from parsed JSON: an array of names (labels.json), a Hugging Face config.json (`id2label`), or a timm
 * one (`label_names`). Undefined when it names no classes; throws BadInput when it does so in another form.
 */
export const readLabels = (json: unknown): readonly string[] | undefined => {
  if (isNames(json)) return json;
  if (!isRecord(json)) throw bad("expected a list of names or a config with id2label");
  if (isRecord(json.id2label)) return fromIndex(json.id2label);
  if (isNames(json.label_names)) return json.label_names;
  return undefined;
};

/**
 * Class names from text, one a line: a byte order mark and blank lines are left out. Where every line begins with its index ("0 tench",
 * "1: goldfish"; counted from 0 or 1, in any order), the names are put in that order without it.
 */
export const readLabelLines = (text: string): readonly string[] => {
  const lines = text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter(Boolean);
  const indexed = lines.map((line) => /^(\d+)(?:\s*[:;,=\t]\s*|\s+)(\S.*)$/.exec(line)).filter((one) => one !== null);
  const indices = indexed.map(([, index]) => Number(index));
  const least = minOf(indices);
  const whole = new Set(indices).size === lines.length && maxOf(indices, -1) - least === lines.length - 1 && least <= 1;
  if (lines.length < 2 || !whole) return lines;
  const names: string[] = [];
  indexed.forEach(([, , name], i) => {
    names[indices[i]! - least] = name!;
  });
  return names;
};

const folded = (text: string): string =>
  text
    .trim()
    .replace(/[\s_]+/g, " ")
    .toLowerCase();

/** The names within a label: "tiger cat, Felis tigris" is both. */
const partsOf = (label: string): string[] => folded(label).split(/\s*,\s*/);

/** Ways to match, strict first; the first that fits anything decides. */
const matchers: readonly ((label: string, query: string) => boolean)[] = [
  (label, query) => folded(label) === query,
  (label, query) => partsOf(label).includes(query),
  (label, query) => ` ${folded(label).replace(/[^\p{L}\p{N}]+/gu, " ")} `.includes(` ${query.replace(/[^\p{L}\p{N}]+/gu, " ")} `),
  (label, query) => folded(label).includes(query),
];

/**
 * The index of the class a user means: by its whole name, by one of its comma-separated names, by whole words in it, or by any
 * part of it, case ignored, as long as only one class fits. Otherwise throws BadTarget, naming the classes that fit or the
 * names nearest in spelling.
 */
export const findLabel = (labels: readonly string[], query: string): number => {
  if (labels.length === 0) throw fail("BadTarget", { what: `no class is called '${query}'`, why: "this model names no classes" });
  const wanted = folded(query);
  const hits = matchers.map((fits) => labels.flatMap((label, index) => (wanted && fits(label, wanted) ? [index] : [])));
  const found = hits.find((indices) => indices.length > 0) ?? [];
  if (found.length === 1) return found[0]!;
  const named = (indices: readonly number[]) => indices.map((index) => `'${labels[index]}' (${index})`).join(", ");
  throw found.length > 1
    ? fail("BadTarget", {
        what: `'${query}' fits ${found.length} classes`,
        why: named(found.slice(0, 5)) + (found.length > 5 ? ", …" : ""),
        fix: "give the full name or the index",
      })
    : fail("BadTarget", { what: `no class is called '${query}'`, fix: `did you mean ${named(nearest(labels, wanted))}?` });
};

/** The three classes whose name, or one of whose names, is nearest in spelling. */
const nearest = (labels: readonly string[], query: string): number[] =>
  labels
    .map((label, index) => ({ index, distance: minOf(partsOf(label).map((part) => editDistance(part, query))) }))
    .sort((a, b) => a.distance - b.distance || a.index - b.index)
    .slice(0, 3)
    .map(({ index }) => index);
