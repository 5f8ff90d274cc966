import {
  checkLocation,
  type Explainer,
  type LoadOptions,
  load as loadBytes,
  type ModelSource,
  modelIdentity,
  pixelBox,
  type Runtime,
} from "@backlit/core";
import { loadAllowed } from "@backlit/workbench";
import { type Bundle, openModel } from "@backlit/workbench";
import { contentsOf, weightHashes } from "@backlit/workbench";
import { nodeRuntime } from "./host/runtime/node.ts";

/**
 * Prepares a model for explanations: `await using lit = await load("efficientnet-lite0")`. Takes a path, a folder, a bundled
 * name, an opened bundle or the file's bytes; class names and the box of pixel values come from the files beside it, and the
 * runtime is this machine's unless one is given. Errors: those of openModel; BadModel and Runtime when it does not run.
 */
export const load = async (
  model: string | Bundle | Uint8Array,
  { notice, ...options }: Partial<LoadOptions> & { readonly notice?: (text: string) => void } = {},
): Promise<Explainer> => {
  const runtime = options.runtime ?? (await nodeRuntime(notice));
  if (model instanceof Uint8Array) return loadBytes(model, { ...options, runtime });
  const bundle = typeof model === "string" ? await openModel(model) : model;
  const { labels, preprocessor, reading } = bundle;
  return loadBytes(bundle.bytes, {
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
  const { external, file, folder, weights } = bundle;
  const large = file.bytes.length > HANDED_OVER && canBeLocation(file.name);
  if (!large && weights.size === 0) return {};
  return { external, ...(large && { file }), ...(runtime.opensFiles ? { folder } : { externalData: await contentsOf(weights) }) };
};

const canBeLocation = (name: string): boolean => {
  try {
    return checkLocation(name) === name;
  } catch {
    return false;
  }
};
