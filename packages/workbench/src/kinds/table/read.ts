/** A text file as a table, for models that take no text. */
import type { ValueInfoProto } from "@backlit/core";
import { dimsOf } from "../../models/inputs.ts";
import type { Rows, Taking } from "../kind.ts";
import type { LoadedInput } from "../loaded-input.ts";
import { tokenRole } from "../text/feeds.ts";
import { noTokenizer } from "../text/no-tokenizer.ts";
import { readCsv } from "./csv.ts";
import { withoutLabel } from "./label.ts";
import { tableSamples } from "./rows.ts";
import { isText } from "./types.ts";

export const readTable = async (
  loaded: Extract<LoadedInput, { kind: "text" }>,
  { targets, file, reading }: Taking,
): Promise<Rows> => {
  const [input] = targets;
  if (tokenRole(input!) === "ids" && dimsOf(input!).length === 2 && !isFloat(input!) && !isText(input!))
    throw noTokenizer(loaded.name);
  const table = withoutLabel(await readCsv(loaded.text, loaded.name), targets, { ...reading, file: loaded.name });
  return tableSamples(table, targets, file, reading);
};

const isFloat = (input: ValueInfoProto): boolean => [1, 10, 11].includes(input.type?.tensorType?.elemType ?? 1);
