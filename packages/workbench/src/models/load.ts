/** A model folder made ready for explanations. */
import {
  checkLocation,
  type Explainer,
  type LoadOptions,
  load,
  type ModelSource,
  modelIdentity,
  pixelBox,
  type Runtime,
} from "@backlit/core";
import { loadAllowed } from "./allowed.ts";
import type { Bundle } from "./open.ts";
import { contentsOf, readersOf } from "./weight-files.ts";

/** Class names, the box of pixel values and the reading come from the files beside the model. Errors: BadModel, Runtime. */
export const loadBundle = async (
  bundle: Bundle,
  { runtime, ...options }: Partial<LoadOptions> & Pick<LoadOptions, "runtime">,
): Promise<Explainer> => {
  const { labels, preprocessor, reading } = bundle;
  return load(bundle.bytes, {
    name: bundle.path,
    ...loadAllowed(bundle.allowed),
    model: bundle.model,
    source: await sourceOf(bundle, runtime),
    sha256: () => bundle.hash(),
    identity: async () => modelIdentity(await bundle.hash(), await weightHashes(bundle)),
    ...(labels && { labels }),
    ...(reading && { reading }),
    ...(preprocessor && { box: pixelBox(preprocessor) }),
    ...options,
    runtime,
  });
};

/** Larger models' weights are not handed to the runtime: it reads them from the file, which must not change meanwhile. */
const HANDED_OVER = 2 ** 26;

export const sourceOf = async (bundle: Bundle, runtime: Runtime): Promise<ModelSource> => {
  const { file, folder, weights, place } = bundle;
  const large = file.bytes.length > HANDED_OVER && canBeLocation(file.name);
  if (!large && weights.size === 0) return {};
  const opens = runtime.opensFiles === true && place.real !== undefined;
  return {
    ...readersOf(place, folder, weights),
    ...(large && { file }),
    ...(opens ? { folder } : { externalData: await contentsOf(place, weights) }),
  };
};

const canBeLocation = (name: string): boolean => {
  try {
    return checkLocation(name) === name;
  } catch {
    return false;
  }
};

/** SHA-256 of a model's weight files, by location as written in its own file. */
export const weightHashes = async ({ written, hash }: Pick<Bundle, "written" | "hash">): Promise<ReadonlyMap<string, string>> =>
  new Map(await Promise.all([...written].map(async ([location, path]) => [location, await hash(path)] as const)));
