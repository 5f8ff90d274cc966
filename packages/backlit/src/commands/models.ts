/** backlit models: what is bundled. */

import { bytes, dimsOf, modelInputs, table } from "@backlit/workbench";
import { say, sayJson } from "../door.ts";
import { bundled, getModels, modelsFolder } from "../host/bundled.ts";
import type { Io } from "../io.ts";
import { openModel } from "../load.ts";
import type { Register } from "./command.ts";

export const modelsCommand: Register = (program, io) => {
  program
    .command("models")
    .description("list the bundled models")
    .option("--json", "one JSON document on stdout")
    .option("--debug", "show where an error was thrown")
    .action(async ({ json }: { json?: boolean }) => {
      if (modelsFolder() === undefined) return sayMissing(io, json);
      const models = await Promise.all(Object.keys(bundled).map(describe));
      if (json) sayJson(io, { models });
      else say(io, models, report);
    });
};

/** The list, and how to get what is on it. */
const sayMissing = (io: Io, json?: boolean): void => {
  const models = Object.entries(bundled).map(([name, told]) => ({ name, ...told, path: null }));
  const notice = `they are not installed: get them by ${getModels}`;
  const titles = [{ title: "name" }, { title: "what" }, { title: "licence" }];
  const lines = table(
    titles,
    models.map(({ name, what, licence }) => [name, what, licence]),
  );
  if (json) sayJson(io, { models, notices: [notice] });
  else io.out(`${[...lines, notice].join("\n")}\n`);
};

const report = (models: readonly Awaited<ReturnType<typeof describe>>[], { columns, colours }: Io): string => {
  const inputs = (model: (typeof models)[number]) =>
    model.inputs.map(({ name, dims }) => `${name} ${dims.map((d) => d ?? "?").join("×")}`).join(", ");
  const lines = table(
    [
      { title: "name" },
      { title: "size", align: "right" },
      { title: "classes", align: "right" },
      { title: "what", cut: "end", least: 20 },
      { title: "input", cut: "end", least: 12 },
      { title: "licence", cut: "end", least: 12 },
    ],
    models.map((m) => [m.name, bytes(m.size), String(m.classes ?? "?"), m.what, inputs(m), m.licence]),
    columns,
  );
  return `${[colours.bold(lines[0]!), ...lines.slice(1)].join("\n")}\n`;
};

const describe = async (name: string) => {
  const { bytes, labels, model, path } = await openModel(name);
  return {
    name,
    ...bundled[name]!,
    size: bytes.length,
    inputs: modelInputs(model).map((input) => ({ name: input.name, dims: dimsOf(input) })),
    classes: labels?.length ?? null,
    path,
  };
};
