/** INPUTs of models that take texts as they are, and cut them up themselves: one text each, or a column of them in a table. */
import { append, fail, type Tensor, type ValueInfoProto } from "@backlit/core";
import { dimsOf } from "../../models/inputs.ts";
import type { Sample } from "../../samples/sample.ts";
import type { Reading, Source } from "../kind.ts";
import { readLoaded } from "../loaded.ts";
import { readCsv } from "../table/csv.ts";
import { withoutLabel } from "../table/label.ts";
import { tableSamples } from "../table/rows.ts";
import { readGiven } from "../text/given.ts";

/** Throws NotFound and BadInput. */
export const readStrings = async (
  source: Source,
  files: readonly string[],
  input: ValueInfoProto,
  options: Reading,
): Promise<readonly Sample[]> => {
  const samples: Sample[] = [];
  for (const argument of files) {
    const given = await readGiven(source, argument);
    if ("array" in given) append(samples, await readLoaded(given.array, [input], given.file, options));
    else if (/\.[ct]sv$/i.test(argument)) {
      const table = withoutLabel(await readCsv(given.text, given.file), [input], { ...options, file: given.file });
      append(samples, tableSamples(table, [input], given.file, options));
    } else samples.push({ file: given.file, feeds: { [input.name]: oneText(given.text, input, given.file) } });
  }
  return samples;
};

/** A text as a batch of one. Throws BadInput where it is empty. */
export const oneText = (text: string, input: ValueInfoProto, where: string): Tensor => {
  if (text.trim() === "") throw fail("BadInput", { what: "the text is empty", where, fix: "give some words" });
  return { type: "string", dims: dimsOf(input).map(() => 1), data: [text] };
};
