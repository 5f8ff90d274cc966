import { type Explainer, type LoadOptions, load as loadBytes, pixelBox } from "@backlit/core";
import { type Bundle, openModel } from "./model/open.ts";
import { nodeRuntime } from "./runtime/node.ts";

/**
 * Prepares a model for explanations: `await using lit = await load("efficientnet-lite0")`. Takes a path, a folder, a bundled
 * name, an opened bundle or the file's bytes; class names and the box of pixel values come from the files beside it, and the
 * runtime is this machine's unless one is given. Errors: those of openModel; BadModel and Runtime when it does not run.
 */
export const load = async (
  model: string | Bundle | Uint8Array,
  options: Partial<LoadOptions> & { readonly notice?: (text: string) => void } = {},
): Promise<Explainer> => {
  const runtime = options.runtime ?? (await nodeRuntime(options.notice));
  if (model instanceof Uint8Array) return loadBytes(model, { ...options, runtime });
  const bundle = typeof model === "string" ? await openModel(model) : model;
  const { labels, preprocessor } = bundle;
  return loadBytes(bundle.bytes, {
    name: bundle.path,
    ...(labels && { labels }),
    ...(preprocessor && { box: pixelBox(preprocessor) }),
    ...options,
    runtime,
  });
};
