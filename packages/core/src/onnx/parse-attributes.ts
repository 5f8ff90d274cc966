/** Attributes of the text form: `axis = 1`, `pads = [0, 1]`, `empty: ints = []`, `body = g () => (y) {…}`, `alpha: float = @alpha`. */
import { isFloatWord, isType, parseFloatText, parseTensor } from "./parse-tensors.ts";
import { type AttributeProto, AttrType, type GraphProto, type Int } from "./proto.ts";
import type { Lexer } from "./text-lexer.ts";
import { unquoteBytes } from "./text-literals.ts";

type Value = Omit<AttributeProto, "name">;

/** Reads the graph an attribute may hold: attributes stand in graphs, and graphs in attributes. */
type ReadGraph = (lexer: Lexer) => GraphProto;

export const parseAttribute = (lexer: Lexer, graph: ReadGraph): AttributeProto => {
  const name = lexer.name("an attribute");
  const type = lexer.accept(":") ? parseAttributeType(lexer) : undefined;
  lexer.expect("=");
  if (lexer.accept("@")) return { name, type: type ?? 0, refAttrName: lexer.name() };
  const start = lexer.peek().start;
  const value = lexer.is("[") ? parseList(lexer, graph, type) : asFloat(parseOne(lexer, graph), type === AttrType.FLOAT);
  if (type !== undefined && type !== value.type) throw lexer.error("the value has another type", start);
  return { name, ...value };
};

const parseAttributeType = (lexer: Lexer): number => {
  const start = lexer.peek().start;
  const type = (AttrType as Readonly<Record<string, number>>)[lexer.name("a type").toUpperCase()];
  if (type === undefined) throw lexer.error("no attribute has this type", start);
  return type;
};

const parseOne = (lexer: Lexer, graph: ReadGraph): Value => {
  const { kind, text } = lexer.peek();
  if (isType(lexer.peek())) return { type: AttrType.TENSOR, t: parseTensor(lexer) };
  if (lexer.isName() && lexer.is("(", 1)) return { type: AttrType.GRAPH, g: graph(lexer) };
  if (kind === "string") return { type: AttrType.STRING, s: unquoteBytes(lexer.next().text) };
  if (kind !== "number" && !isFloatWord(text)) throw lexer.unexpected("a value");
  lexer.next();
  if (/^[+-]?\d+$/.test(text)) return { type: AttrType.INT, i: exact(text) };
  return { type: AttrType.FLOAT, f: Math.fround(parseFloatText(text)) };
};

/** Items of one type, where ints among floats are floats; an empty list needs its type to be written. */
const parseList = (lexer: Lexer, graph: ReadGraph, type: number | undefined): Value => {
  const start = lexer.peek().start;
  const parsed = lexer.list("[", "]", () => parseOne(lexer, graph));
  const floats = type === AttrType.FLOATS || parsed.some((item) => item.type === AttrType.FLOAT);
  const items = parsed.map((item) => asFloat(item, floats));
  const listed = LISTS.find(([one, many]) => (items.length > 0 ? items[0]!.type === one : many === type));
  if (!listed) throw lexer.error("an empty list needs a type, as in `name: ints = []`", start);
  const [one, many, read, write] = listed;
  if (items.some((item) => item.type !== one)) throw lexer.error("the items have different types", start);
  return { type: many, [write]: items.map((item) => item[read]) } as Value;
};

const LISTS = [
  [AttrType.FLOAT, AttrType.FLOATS, "f", "floats"],
  [AttrType.INT, AttrType.INTS, "i", "ints"],
  [AttrType.STRING, AttrType.STRINGS, "s", "strings"],
  [AttrType.TENSOR, AttrType.TENSORS, "t", "tensors"],
  [AttrType.GRAPH, AttrType.GRAPHS, "g", "graphs"],
] as const;

const asFloat = (value: Value, wanted: boolean): Value =>
  wanted && value.i !== undefined ? { type: AttrType.FLOAT, f: Math.fround(Number(value.i)) } : value;

const exact = (text: string): Int => {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
};
