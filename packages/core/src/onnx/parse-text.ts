/** Reads the text form of text.ts; the grammar is shown there. */
import { parseAttribute } from "./parse-attributes.ts";
import { isType, parseElements, parseEntries, parseType } from "./parse-tensors.ts";
import type { FunctionProto, GraphProto, ModelProto, NodeProto, OpsetId, TensorProto, ValueInfoProto } from "./proto.ts";
import { Lexer } from "./text-lexer.ts";

/**
 * A model from its text form. Without a header it is `<ir_version: 9, opset_import: ["" : 17]>`; elements of an initializer may
 * be `random(seed)`.
 * @throws BadModel with line and column
 */
export const parseModel = (text: string): ModelProto => {
  const lexer = new Lexer(text);
  const header = parseHeader(lexer);
  const graph = parseGraph(lexer);
  const functions: FunctionProto[] = [];
  while (lexer.peek().kind !== "end") functions.push(parseFunction(lexer));
  return { irVersion: 9, opsetImport: [{ domain: "", version: 17 }], metadataProps: [], ...header, graph, functions };
};

/** `name (inputs) => (outputs) <initializers and types> {nodes}` */
const parseGraph = (lexer: Lexer): GraphProto => {
  const name = lexer.name("a graph");
  const input = lexer.list("(", ")", () => parseValueInfo(lexer));
  lexer.expect("=>");
  const output = lexer.list("(", ")", () => parseValueInfo(lexer));
  const initializer: TensorProto[] = [];
  const valueInfo: ValueInfoProto[] = [];
  if (lexer.is("<")) lexer.list("<", ">", () => parseHeld(lexer, initializer, valueInfo));
  return { name, node: parseBody(lexer), initializer, sparseInitializer: [], input, output, valueInfo };
};

const parseHeader = (lexer: Lexer): Partial<ModelProto> => {
  const fields: Record<string, () => Partial<ModelProto>> = {
    ir_version: () => ({ irVersion: lexer.integer() }),
    opset_import: () => ({ opsetImport: parseOpsets(lexer) }),
    producer_name: () => ({ producerName: lexer.string() }),
    producer_version: () => ({ producerVersion: lexer.string() }),
    domain: () => ({ domain: lexer.string() }),
    model_version: () => ({ modelVersion: lexer.integer() }),
    metadata_props: () => ({ metadataProps: parseEntries(lexer) }),
  };
  return lexer.is("<") ? parseFields(lexer, fields) : {};
};

const parseFunction = (lexer: Lexer): FunctionProto => {
  const header = parseFields<Partial<FunctionProto>>(lexer, {
    domain: () => ({ domain: lexer.string() }),
    overload: () => ({ overload: lexer.string() }),
    opset_import: () => ({ opsetImport: parseOpsets(lexer) }),
  });
  const name = lexer.name("a function");
  const attribute: string[] = [];
  const isDefault = () => lexer.is("=", 1) || lexer.is(":", 1);
  const parameter = () => (isDefault() ? parseAttribute(lexer, parseGraph) : void attribute.push(lexer.name()));
  const parameters = lexer.is("<") ? lexer.list("<", ">", parameter) : [];
  const attributeProto = parameters.filter((p) => p !== undefined);
  const input = lexer.list("(", ")", () => lexer.name());
  lexer.expect("=>");
  const output = lexer.list("(", ")", () => lexer.name());
  return { domain: "", opsetImport: [], ...header, name, input, output, attribute, attributeProto, node: parseBody(lexer) };
};

const parseBody = (lexer: Lexer): NodeProto[] => {
  const nodes: NodeProto[] = [];
  lexer.expect("{");
  while (!lexer.accept("}")) nodes.push(parseNode(lexer));
  return nodes;
};

/** `[name] y = domain.Op:overload <attributes> (x, "")` */
const parseNode = (lexer: Lexer): NodeProto => {
  const name = lexer.is("[") ? lexer.list("[", "]", () => lexer.name())[0]! : "";
  const output = parseNames(lexer, "=");
  const { domain, opType } = parseOperator(lexer);
  const overload = lexer.accept(":") ? lexer.name() : undefined;
  const before = lexer.is("<") ? lexer.list("<", ">", () => parseAttribute(lexer, parseGraph)) : [];
  lexer.expect("(");
  const input = parseNames(lexer, ")");
  const after = lexer.is("<") ? lexer.list("<", ">", () => parseAttribute(lexer, parseGraph)) : [];
  return { opType, domain, name, ...(overload !== undefined && { overload }), input, output, attribute: [...before, ...after] };
};

/** Names up to a sign; one left out, or `""`, is an omitted value. */
const parseNames = (lexer: Lexer, close: string): string[] => {
  if (lexer.accept(close)) return [];
  const names: string[] = [];
  do names.push(lexer.isName() ? lexer.name() : "");
  while (lexer.accept(","));
  lexer.expect(close);
  return names;
};

/** `Op`, `domain.Op`, or `"domain"."Op"` */
const parseOperator = (lexer: Lexer): { domain: string; opType: string } => {
  const { kind } = lexer.peek();
  const word = lexer.name("an operator");
  if (kind === "string") {
    lexer.expect(".");
    return { domain: word, opType: lexer.string() };
  }
  const dot = word.lastIndexOf(".");
  return { domain: word.slice(0, Math.max(dot, 0)), opType: word.slice(dot + 1) };
};

/** `float[N] x`, or a name alone. */
const parseValueInfo = (lexer: Lexer): ValueInfoProto => {
  if (!isType(lexer.peek())) return { name: lexer.name("a value") };
  const tensorType = parseType(lexer);
  return { name: lexer.name("a value"), type: { tensorType } };
};

/** `float[2] w = {1, 2}` is an initializer, `float[2] v` the type of a value. */
const parseHeld = (lexer: Lexer, initializer: TensorProto[], valueInfo: ValueInfoProto[]): void => {
  const info = parseValueInfo(lexer);
  if (!lexer.accept("=")) valueInfo.push(info);
  else if (info.type?.tensorType) initializer.push(parseElements(lexer, info.name, info.type.tensorType));
  else throw lexer.error("an initializer needs a type");
};

const parseOpsets = (lexer: Lexer): OpsetId[] =>
  lexer.list("[", "]", () => lexer.pair(() => lexer.integer())).map(([domain, version]) => ({ domain, version }));

const parseFields = <M extends object>(lexer: Lexer, fields: Readonly<Record<string, () => M>>): M => {
  const parsed = lexer.list("<", ">", () => {
    const read = Object.hasOwn(fields, lexer.peek().text) ? fields[lexer.peek().text] : undefined;
    if (!read) throw lexer.unexpected(`one of ${Object.keys(fields).join(", ")}`);
    lexer.next();
    lexer.expect(":");
    return read();
  });
  return Object.assign({}, ...parsed);
};
