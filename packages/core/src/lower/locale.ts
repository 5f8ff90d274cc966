/** Locales of StringNormalizer that a machine does not have: the runtime refuses the whole model then, so that another one is taken. */
import { isBacklitError } from "../errors.ts";
import { opName } from "../graph/graph.ts";
import { attr, getString } from "../onnx/attributes.ts";
import { encodeModelBytes } from "../onnx/encode.ts";
import { DataType, type ModelProto, type NodeProto } from "../onnx/proto.ts";
import type { Runtime } from "../runtime/runtime.ts";

/** The first knows upper and lower case of all scripts, the second of ASCII alone. */
const OTHERS = ["C.UTF-8", "C"];

const isNormalizer = (node: NodeProto): boolean => opName(node) === "StringNormalizer";
/** "" is the runtime's own default, en_US. */
const localeOf = (node: NodeProto): string => getString(node, "locale", "");

/** The model with locales this runtime has, and what was changed. */
export const withLocales = async (
  model: ModelProto,
  runtime: Runtime,
): Promise<{ readonly model: ModelProto; readonly notices: readonly string[] }> => {
  const asked = new Set(model.graph.node.filter(isNormalizer).map(localeOf));
  const taken = new Map<string, string>();
  for (const locale of asked) {
    if (await has(locale, model, runtime)) continue;
    for (const other of OTHERS) if (!taken.has(locale) && (await has(other, model, runtime))) taken.set(locale, other);
  }
  if (taken.size === 0) return { model, notices: [] };
  const node = model.graph.node.map((one) => {
    const other = isNormalizer(one) ? taken.get(localeOf(one)) : undefined;
    if (other === undefined) return one;
    return { ...one, attribute: [...one.attribute.filter(({ name }) => name !== "locale"), attr.string("locale", other)] };
  });
  const said = [...taken].map(([from, to]) => `the locale ${from || "en_US"} is not installed here: texts are taken by ${to}`);
  return { model: { ...model, graph: { ...model.graph, node } }, notices: said };
};

/** Does a model of one such node load? */
const has = async (locale: string, { irVersion, opsetImport }: ModelProto, runtime: Runtime): Promise<boolean> => {
  const text = (name: string) => ({ name, type: { tensorType: { elemType: DataType.STRING, shape: [{ value: 1 }] } } });
  const node: NodeProto = {
    opType: "StringNormalizer",
    domain: "",
    name: "",
    input: ["x"],
    output: ["y"],
    attribute: [attr.string("case_change_action", "LOWER"), ...(locale === "" ? [] : [attr.string("locale", locale)])],
  };
  const empty = { initializer: [], sparseInitializer: [], valueInfo: [] };
  const graph = { name: "locale", node: [node], ...empty, input: [text("x")], output: [text("y")] };
  try {
    const bytes = encodeModelBytes({ irVersion, opsetImport, graph, metadataProps: [], functions: [] });
    await (await runtime.createSession(bytes)).release();
    return true;
  } catch (error) {
    if (!isBacklitError(error)) throw error;
    return false;
  }
};
