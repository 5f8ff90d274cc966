/** Options that say of a model what its file does not: what an output's numbers mean, which axis counts classes. */
import { fail, OUTPUT_KINDS, type OutputKind, type ReadingOptions } from "@backlit/core";
import { type Command, Option } from "commander";
import { choice } from "./known.ts";

export interface ReadingChoices {
  readonly outputKind?: OutputKind;
  readonly classAxis?: number;
}

export const addReadingOptions = (command: Command): Command =>
  command
    .addOption(
      new Option("--output-kind <kind>", `what the explained output's numbers are: ${OUTPUT_KINDS.join(", ")}`).argParser(
        choice("output-kind", OUTPUT_KINDS),
      ),
    )
    .option("--class-axis <n>", "the axis of the explained output that counts classes; negative from the end", (text) => {
      if (!/^-?\d{1,3}$/.test(text)) throw fail("Usage", { what: `--class-axis ${text}`, fix: "give a whole number" });
      return Number(text);
    });

/** What was said, over what the model's files say. */
export const readReading = ({ outputKind, classAxis }: ReadingChoices, files: ReadingOptions = {}): ReadingOptions => ({
  ...files,
  ...(outputKind !== undefined && { outputKind }),
  ...(classAxis !== undefined && { classAxis }),
});
