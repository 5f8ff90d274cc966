/** The model that also says why, as a file. */
import { compileJob, silent } from "@backlit/workbench";
import type { CompileAsk } from "./messages.ts";
import { hostOf, inputOf, openedModel } from "./opened.ts";

/** Errors: those of compiling; BadRecipe for methods of many passes. */
export const compile = async ({ model, input, recipe, target }: CompileAsk, progress: (text: string) => void): Promise<Blob> => {
  const { path, files } = await openedModel(model, progress);
  const given = inputOf(input);
  const blob = given instanceof Uint8Array ? new Blob([given as Uint8Array<ArrayBuffer>]) : given;
  const result = await compileJob(
    { v: 1, model: path, recipe, inputs: [GIVEN], out: "explaining.onnx", ...(target !== undefined && { target: [target] }) },
    {
      host: hostOf({ ...files, [GIVEN]: blob }),
      listener: { ...silent, progress, working: progress },
    },
  );
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of result.files.at(-1)!.chunks) pieces.push(piece.slice());
  return new Blob(pieces);
};

/** What the input is called beside the model's files. */
const GIVEN = "the page's input";
