/**
 * Which model this is, over all its files: weights may lie beside the model's own file, which then says nothing about them. SHA-256
 * over the lines `location SP sha256 LF`, the model's file first with the location `.`, then its external files sorted by location as
 * the model writes it; without external files it is the SHA-256 of the model's file.
 */
import { fail } from "../errors.ts";
import { decodeModel, externalFiles, externalOf, type ModelProto } from "../onnx/index.ts";
import { sha256 } from "../plan/index.ts";
import type { LoadOptions } from "./types.ts";

const [FILE, IDENTITY] = ["backlit.model.sha256", "backlit.model.identity"];

/** `own`: SHA-256 of the model's file; `files`: of its external files, by location as written in the model. */
export const modelIdentity = async (own: string, files: ReadonlyMap<string, string> = new Map()): Promise<string> =>
  files.size === 0 ? own : sha256([[".", own], ...[...files].sort(byLocation)].map((line) => `${line.join(" ")}\n`).join(""));

/** Of the model an artefact was made from; artefacts that name no identity know the model's file alone. Undefined for other models. */
export const artefactIdentity = ({ metadataProps }: ModelProto): string | undefined =>
  [IDENTITY, FILE].map((name) => metadataProps.find(({ key }) => key === name)?.value).find((value) => value !== undefined);

export const identityMetadata = (own: string, identity: string): Readonly<Record<string, string>> => ({
  [FILE]: own,
  [IDENTITY]: identity,
});

/** The identity of a loaded model, its external files read through its source. @throws BadInput where they cannot be read */
export const readIdentity = async (bytes: Uint8Array, own: string, { source = {}, name }: LoadOptions): Promise<string> => {
  const external = externalOf(source);
  const hashes = new Map<string, string>();
  for (const location of externalFiles(decodeModel(bytes, name))) {
    if (!external || (source.external === undefined && !source.externalData?.has(location)))
      throw fail("BadInput", {
        what: "the model cannot be told from others",
        where: location,
        why: "its weight files cannot be read",
        fix: "load it with source.external, source.externalData or identity",
      });
    hashes.set(location, await sha256(external.read(location, 0)));
  }
  return modelIdentity(own, hashes);
};

const byLocation = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : a > b ? 1 : 0);
