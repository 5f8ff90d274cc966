/**
 * An artefact without weights: they stay in the files of the model it was compiled from, in whose folder it must lie. Its metadata
 * `backlit.sidecar` says which files these are and what was in them: SHA-256 by location.
 */
import { fail } from "../errors.ts";
import { externalFiles } from "../onnx/external-files.ts";
import type { ModelProto } from "../onnx/proto.ts";
import { type ModelFile, pointingInto } from "../onnx/source.ts";
import { canonicalJson } from "../plan/index.ts";

const KEY = "backlit.sidecar";

/** SHA-256 of a file in the model's folder, in lower-case hexadecimal. */
export type HashFile = (location: string) => Promise<string>;

/**
 * @param file the original's own file, of which the artefact's weights are views
 * @throws BadFile when its name cannot be a location
 */
export const sidecar = async (artefact: ModelProto, file: ModelFile, hash: HashFile): Promise<ModelProto> => {
  const model = pointingInto(artefact, file);
  const hashes: Record<string, string> = {};
  for (const location of externalFiles(model)) hashes[location] = await hash(location);
  return { ...model, metadataProps: [...model.metadataProps, { key: KEY, value: canonicalJson(hashes) }] };
};

/** The files a sidecar's weights lie in, with their SHA-256; undefined for any other model. */
export const sidecarFiles = ({ metadataProps }: ModelProto): Readonly<Record<string, string>> | undefined => {
  const value = metadataProps.find(({ key }) => key === KEY)?.value;
  if (value === undefined) return undefined;
  try {
    const files: unknown = JSON.parse(value);
    if (typeof files === "object" && files !== null) return files as Record<string, string>;
  } catch {}
  throw fail("BadFile", {
    what: "the artefact is damaged",
    where: KEY,
    why: "it names no files",
    fix: "compile the model again",
  });
};

/** Compares what a sidecar points into with what it was made from. @throws BadFile when a file is another one now */
export const checkSidecar = async (model: ModelProto, hash: HashFile): Promise<void> => {
  const expected = sidecarFiles(model);
  if (expected === undefined) return;
  for (const location of externalFiles(model))
    if ((await hash(location)) !== expected[location])
      throw fail("BadFile", {
        what: "the weights are not those the artefact was compiled with",
        where: location,
        why: "its SHA-256 is another one",
        fix: "compile the model again, or put the original file back",
      });
};
