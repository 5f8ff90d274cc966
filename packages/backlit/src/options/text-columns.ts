/** `--text-columns`, of commands that take a data set: where a table has its texts. */
import { fail } from "@backlit/core";
import type { Command } from "commander";

export const addTextColumns = (command: Command): Command =>
  command.option(
    "--text-columns <names>",
    "the column of a table that holds the texts, or the two that a model reads, with a comma between (default: by their names)",
    (text) => {
      const names = text.split(",").map((name) => name.trim());
      if (names.length <= 2 && !names.includes("")) return names;
      throw fail("Usage", { what: `--text-columns ${text}`, fix: "name one column, or two with a comma between" });
    },
  );
