/** What `backlit studio MODEL INPUT` was given: its server tells of it in `open.json`. */
import type { InputSource, ModelSource } from "../worker/messages.ts";

interface Told {
  readonly model: { readonly name: string; readonly files: readonly string[] };
  readonly input?: { readonly file: string; readonly path: string } | { readonly text: string };
}

export interface GivenFiles {
  readonly model: ModelSource;
  /** As the command was told. */
  readonly name: string;
  readonly input: InputSource | undefined;
  readonly path: string | undefined;
}

const at = (path: string): string => new URL(path, document.baseURI).href;

export const givenFiles = async (): Promise<GivenFiles> => {
  const { model, input } = (await (await fetch(at("open.json"))).json()) as Told;
  return {
    model: { key: "given", base: at("open/model/"), names: model.files, fresh: true },
    name: model.name,
    input: input && (await inputOf(input)),
    path: input && "path" in input ? input.path : undefined,
  };
};

const inputOf = async (input: NonNullable<Told["input"]>): Promise<InputSource> => {
  if ("text" in input) return input;
  const response = await fetch(at(`open/input/${encodeURIComponent(input.file)}`));
  return { name: input.file, blob: await response.blob() };
};
