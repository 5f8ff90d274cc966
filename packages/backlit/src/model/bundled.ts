/** The models of the package @backlit/models, by name. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fail } from "@backlit/core";

/** What each one is, and its licence (the package's README tells the whole story). */
export const bundled: Readonly<Record<string, { readonly what: string; readonly licence: string }>> = {
  "efficientnet-lite0": { what: "photographs, ImageNet's 1000 classes", licence: "Apache-2.0" },
  digits: { what: "handwritten digits, convolutional", licence: "MIT, trained on MNIST (CC-BY-SA-3.0)" },
  "digits-mlp": { what: "handwritten digits, dense layers only", licence: "MIT, trained on MNIST (CC-BY-SA-3.0)" },
  "text-sentiment": { what: "English sentences, negative or positive", licence: "Apache-2.0 and MIT" },
};

/** The folder of a bundled model. Throws NotFound when the package is not installed. */
export const bundledFolder = (name: string): string => {
  const manifest = "@backlit/models/package.json";
  try {
    return join(dirname(createRequire(import.meta.url).resolve(manifest)), name);
  } catch (cause) {
    throw fail("NotFound", { what: `no bundled model '${name}'`, why: "@backlit/models is not installed" }, cause);
  }
};
