/** Options that nothing would read are refused where a person writes them, with what there is instead. Recipe files are read leniently. */
import { compiledCards, composites, fail, type MethodCard, methodCards } from "@backlit/core";
import { suggest } from "../nearest.ts";

/** What every composite takes besides its own parameters. */
const SHARED = ["epsilon", "batchnorm", "product", "zero_params", "beta", "output"];

/** `--set` of a composite or a method of one pass; those of many passes check their own. Throws Usage. */
export const checkSet = (keys: readonly string[], method: string | undefined, composite: string | undefined): void => {
  const lrp = method === undefined || method === "lrp";
  const card = compiledCards.find(({ name }) => name === (method ?? "lrp"));
  if (card === undefined) return;
  const own = composite === undefined || composite === "auto" ? allOf(lrp) : Object.keys(composites[composite]?.parameters ?? {});
  const known = [...new Set([...own, ...Object.keys(card.parameters), ...(lrp ? SHARED : ["batchnorm", "output"])])];
  const stray = keys.find((key) => !known.includes(key));
  if (stray !== undefined)
    throw fail("Usage", {
      what: `${composite === undefined ? `method ${card.name}` : `composite ${composite}`} has no parameter '${stray}'`,
      fix: suggest(stray, known),
    });
};

/** `auto` may take any composite. */
const allOf = (lrp: boolean): readonly string[] =>
  lrp ? Object.values(composites).flatMap(({ parameters }) => Object.keys(parameters)) : [];

const WITH_REFERENCES = new Set(["deep-shap", "expected-gradients", "simple-taylor"]);

/** Whether a method looks at references: by its nature, by a baseline that is their mean, or through a method it runs. */
const readsReferences = ({ name, parameters }: MethodCard, params: Readonly<Record<string, unknown>>): boolean =>
  WITH_REFERENCES.has(name) ||
  "method" in parameters ||
  "methods" in parameters ||
  /mean/.test(String(params.baseline ?? parameters.baseline?.default ?? ""));

/** `--references` and `--groups` of a method of many passes. Throws Usage. */
export const checkBeside = (
  method: string,
  given: { readonly references?: string | undefined; readonly groups?: string | undefined },
  params: Readonly<Record<string, unknown>> = {},
): void => {
  const card = methodCards.find(({ name }) => name === method);
  if (card === undefined) return;
  const listed = (reads: (one: MethodCard) => boolean) =>
    methodCards.filter((one) => !compiledCards.includes(one) && reads(one)).map(({ name }) => name);
  const grouped = (one: MethodCard) => "features" in one.parameters || "method" in one.parameters || "methods" in one.parameters;
  if (given.groups !== undefined && !grouped(card))
    throw fail("Usage", { what: `method ${method} does not read --groups`, fix: `these do: ${listed(grouped).join(", ")}` });
  if (given.references !== undefined && !readsReferences(card, params))
    throw fail("Usage", {
      what: `method ${method} does not read --references`,
      fix: `these do: ${listed((one) => WITH_REFERENCES.has(one.name)).join(", ")}; or --set baseline=mean`,
    });
};
