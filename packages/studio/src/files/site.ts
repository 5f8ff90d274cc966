/** Models and inputs that an address names: places on this site. */

import { fetchedInput } from "../client/fetched.ts";
import { Trouble } from "../client/trouble.ts";
import { modelFiles } from "../examples/list.ts";
import { bundledModel } from "../examples/open.ts";
import type { InputSource, ModelSource } from "../worker/messages.ts";

/** What may lie beside a model. */
const BESIDE = [
  "config.json",
  "labels.json",
  "labels.txt",
  "preprocessor_config.json",
  "tokenizer.json",
  "tokenizer_config.json",
];

/** A bundled name, an .onnx file of this site, or its folder with a model.onnx. Errors: Trouble for another site's. */
export const modelAt = (place: string): ModelSource => {
  if (place in modelFiles) return bundledModel(place);
  const href = onSite(place);
  const file = href.pathname.endsWith("/") ? "model.onnx" : href.pathname.split("/").at(-1)!;
  return { key: `at ${href.href}`, base: new URL(".", href).href, names: [file], beside: BESIDE };
};

/** Errors: Trouble for another site's, or what is not there. */
export const inputAt = async (place: string): Promise<InputSource> => {
  const href = onSite(place);
  return { name: decodeURIComponent(href.pathname.split("/").at(-1)!), blob: await fetchedInput(href.href) };
};

const onSite = (place: string): URL => {
  const href = new URL(place, document.baseURI);
  if (href.origin === location.origin) return href;
  throw new Trouble("NotFound", {
    what: "this address is another site's",
    where: href.href,
    why: "the page asks no other site for anything",
    fix: "download the file and drop it here",
  });
};
