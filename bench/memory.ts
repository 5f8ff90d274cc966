/** Cost of compiling, and memory of running an artefact against the model alone. */
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileModel, encodeModel, type ModelProto, prepare, type Runtime } from "@backlit/core";
import { inChild } from "./child.ts";
import { inputsOf, type NetworkName, networks } from "./networks.ts";
import { BUDGET, recipes, usualFor } from "./recipes.ts";
import type { Row } from "./report.ts";

export const memory = async (network: NetworkName, runtime: Runtime, onRow: (row: Row) => void): Promise<void> => {
  const dir = await mkdtemp(join(tmpdir(), "backlit-bench-"));
  const say = (what: string, unit: Row["unit"], value: number, budget?: number) =>
    onRow({ network, what, unit, value, ...(budget !== undefined && { budget }) });
  try {
    const [plain, explaining] = [join(dir, "model.onnx"), join(dir, "artefact.onnx")];
    const usual = usualFor(network);
    const prepared = await prepare(await networks[network](), runtime);
    await write(plain, prepared.model);
    const compiled = await inChild("compile", plain);
    const limited = network === "resnet50";
    say("compile, first in a process", "ms", compiled.first, limited ? BUDGET.compileMs : undefined);
    say("compile, warm", "ms", compiled.later);
    say("encode", "ms", compiled.encode);
    say("compile and encode, memory", "MB", compiled.memory, limited ? BUDGET.compileMemoryMB : undefined);
    say("artefact over model, size", "MB", (compiled.artefactBytes - compiled.modelBytes) / 2 ** 20);

    await write(explaining, compileModel(prepared, recipes[usual]!.recipe).model);
    const running = (path: string) => inChild("run", JSON.stringify([path, inputsOf(prepared.model)]));
    const [bare, artefact] = [await running(plain), await running(explaining)];
    say("peak memory, forward", "MB", bare.peak);
    say(`peak memory, ${usual}`, "MB", artefact.peak);
    say("memory after runs, forward", "MB", bare.after);
    say(`memory after runs, ${usual}`, "MB", artefact.after);
    say("peak memory", "×", artefact.peak / bare.peak, network === "vgg16" ? BUDGET.peakMemory : undefined);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
};

const write = async (path: string, model: ModelProto): Promise<void> => {
  const file = await open(path, "w");
  try {
    for (const chunk of encodeModel(model)) await file.write(chunk);
  } finally {
    await file.close();
  }
};
