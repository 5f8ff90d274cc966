import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { editDistance } from "../numeric/edit-distance.ts";
import { findLabel, readLabelLines, readLabels } from "./labels.ts";

const lite0 = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../../models/efficientnet-lite0/${name}`, import.meta.url), "utf8"));
const full = readLabels(lite0("config.json"))!;
const short = readLabels(lite0("labels.json"))!;

describe("readLabels", () => {
  it("reads id2label, a plain list and timm's label_names", () => {
    expect(full).toHaveLength(1000);
    expect(short).toHaveLength(1000);
    expect(full[1]).toBe("goldfish, Carassius auratus");
    expect(readLabels({ label_names: ["a", "b"] })).toEqual(["a", "b"]);
  });

  it("fills holes and knows when there are no names", () => {
    expect(readLabels({ id2label: { 2: "c", 0: "a" } })).toEqual(["a", "class 1", "c"]);
    expect(readLabels({ model_type: "vit" })).toBeUndefined();
  });

  it.each([[{ id2label: { x: "a" } }], [{ id2label: { 0: 5 } }], [{ id2label: { 99999999: "a" } }], ["text"], [[1, 2]]])(
    "refuses %j",
    (json) => expect(() => readLabels(json)).toThrow(expect.objectContaining({ _tag: "BadInput" })),
  );
});

describe("findLabel", () => {
  it.each([
    [short, "tiger cat", 282],
    [full, "Tiger Cat", 282],
    [full, "carassius AURATUS", 1], // one of its names
    [full, "tiger", 292], // a name of its own goes before "tiger cat", "tiger shark"
    [short, "crane (bird)", 134],
    [full, "espresso", 967], // a whole name goes before "espresso maker"
    [full, "Angora", 332], // one of the rabbit's names
    [full, "egyptian", 285], // a word of "Egyptian cat"
    [full, "goldfis", 1], // a part of one label only
    [full, "tiger_cat", 282],
  ])("finds its class (%#)", (labels, query, index) => expect(findLabel(labels, query)).toBe(index));

  it("refuses what fits several classes and names them", () => {
    expect(() => findLabel(full, "crane")).toThrow("'crane' fits 2 classes: 'crane' (134), 'crane' (517)");
    expect(() => findLabel(full, "terrier")).toThrow(/fits 24 classes: 'Maltese dog.*, …: give the full name or the index/);
  });

  it("suggests the nearest names", () => {
    expect(() => findLabel(short, "goldfihs")).toThrow(/no class is called 'goldfihs': did you mean 'goldfish' \(1\), /);
    expect(() => findLabel(full, "tigr cat")).toThrow(/did you mean 'tiger cat' \(282\)/);
    expect(() => findLabel([], "cat")).toThrow(/^no class is called 'cat': this model names no classes/);
    for (const query of ["", "  "]) expect(() => findLabel(full, query)).toThrow(expect.objectContaining({ _tag: "BadTarget" }));
  });
});

describe("editDistance", () => {
  it.each([
    ["kitten", "sitting", 3],
    ["", "abc", 3],
    ["abc", "", 3],
    ["same", "same", 0],
    ["flaw", "lawn", 2],
  ])("%s to %s is %d", (a, b, distance) => expect(editDistance(a, b)).toBe(distance));
});

describe("readLabelLines", () => {
  it.each<[string, string, string[]]>([
    ["a byte order mark, blank lines, Windows' line ends", "\uFEFFtench\r\n\r\n  goldfish \r\n", ["tench", "goldfish"]],
    ["an index in front, in any order", "1 goldfish\n0 tench, Tinca tinca\n", ["tench, Tinca tinca", "goldfish"]],
    ["with a colon or tab, counted from 1", "1:\ttench\n2: goldfish\n", ["tench", "goldfish"]],
    ["names that are numbers", "0\n1\n2\n", ["0", "1", "2"]],
    ["names that begin with a number", "12 monkeys\n101 dalmatians\n", ["12 monkeys", "101 dalmatians"]],
    ["an index twice is part of the name", "0 cat\n0 dog\n", ["0 cat", "0 dog"]],
    ["nothing", "\n", []],
  ])("%s", (_, text, names) => expect(readLabelLines(text)).toEqual(names));
});
