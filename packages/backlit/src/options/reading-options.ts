/** Options that say of a model what its file does not: what an output's numbers mean, which axis counts classes. */
import { fail, OUTPUT_KINDS, type OutputKind, type ReadingOptions } from "@backlit/core";
import { choice } from "@backlit/workbench";
import { type Command, Option } from "commander";

export interface ReadingChoices {
  readonly outputKind?: OutputKind;
  readonly classAxis?: number;
  readonly mean?: number | readonly number[];
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

/** Reads numbers with commas between. Throws Usage. */
export const numbersOf =
  (option: string) =>
  (text: string): number | readonly number[] => {
    const numbers = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
    if (!numbers.every(Number.isFinite))
      throw fail("Usage", { what: `--${option} ${text}`, fix: "give numbers with commas between" });
    return numbers.length === 1 ? numbers[0]! : numbers;
  };

/** `--mean`, of commands that explain: what is usual, of a picture's channels and of a table's columns. */
export const addMean = (command: Command): Command =>
  command.option(
    "--mean <numbers>",
    "taken away from a picture's channels, one number or three; for a table its usual row, the difference from which auto explains",
    numbersOf("mean"),
  );

/** What was said. */
export const readingSaid = ({ outputKind, classAxis, mean }: ReadingChoices): ReadingOptions => ({
  ...(outputKind !== undefined && { outputKind }),
  ...(classAxis !== undefined && { classAxis }),
  ...(mean !== undefined && { mean }),
});
