/** The models of the package @backlit/models, by name. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fail } from "@backlit/core";

/** What each one is, and its licence (the package's README tells the whole story). */
export const bundled: Readonly<Record<string, { readonly what: string; readonly licence: string }>> = {
  "efficientnet-lite0": { what: "photographs, ImageNet's 1000 classes", licence: "Apache-2.0" },
  digits: { what: "handwritten digits, convolutional", licence: "MIT, trained on MNIST (CC-BY-SA-3.0)" },
  "digits-mlp": { what: "handwritten digits, dense layers only", licence: "MIT, trained on MNIST (CC-BY-SA-3.0)" },
  "shapes-detector": { what: "boxes of drawn circles, squares and triangles", licence: "Apache-2.0" },
  "shapes-segmenter": { what: "the same shapes, pixel by pixel", licence: "Apache-2.0" },
  "shapes-embedder": { what: "the same shapes as 16 numbers, to compare pictures by", licence: "Apache-2.0" },
  "grammar-lm": { what: "the next word of small English sentences", licence: "Apache-2.0" },
  "names-tagger": { what: "which words name people, which places", licence: "Apache-2.0" },
  "wine-trees": {
    what: "three wines by what a laboratory measured, boosted trees",
    licence: "Apache-2.0, trained on data under CC BY 4.0",
  },
  "text-sentiment": { what: "English sentences, negative or positive", licence: "Apache-2.0 and MIT" },
};

/** What to do where the package is missing: it is large, and nothing else needs it. */
export const getModels = "npm install @backlit/models (40 MB)";

/** The folder of the package @backlit/models; undefined where it is not installed. */
export const modelsFolder = (resolve: (name: string) => string = createRequire(import.meta.url).resolve): string | undefined => {
  try {
    return dirname(resolve("@backlit/models/package.json"));
  } catch {
    return undefined;
  }
};

/** The folder of a bundled model. Throws NotFound when the package is not installed. */
export const bundledFolder = (name: string, folder = modelsFolder()): string => {
  if (folder !== undefined) return join(folder, name);
  throw fail("NotFound", {
    what: `the bundled model '${name}' is not here`,
    why: "@backlit/models is not installed",
    fix: `get it by ${getModels}`,
  });
};
