/** `--condition` and `--mask`: of which channels of values inside relevance is kept. */
import { fail } from "@backlit/core";
import { conditionOf } from "@backlit/workbench";
import { type Command, Option } from "commander";
import { collect } from "./choices.ts";

export interface ConditionOptions {
  readonly condition?: readonly string[];
  readonly only?: boolean;
}

const ONLY = "drop what goes past a value of --";

export const addConditions = (command: Command): Command =>
  command
    .option(
      "--condition <value:channels>",
      "keep only the relevance of these channels of a value inside, as in VALUE:3,7 (repeatable: all of the values)",
      collect,
    )
    .addOption(new Option("--only", `${ONLY}condition`));

export const addMasks = (command: Command): Command =>
  command
    .option(
      "--mask <value>",
      "a further input mask@VALUE, one factor a channel, for the relevance at a value inside (repeatable)",
      collect,
    )
    .addOption(new Option("--only", `${ONLY}mask`));

/** Channels of one value may be given in several options. Throws Usage. */
export const readConditions = ({ condition: given, only = false }: ConditionOptions) => {
  if (only && given === undefined) throw fail("Usage", { what: "--only", fix: "it goes with --condition VALUE:CHANNELS" });
  return given === undefined ? {} : { conditions: conditionOf(given), only };
};
