/** Names no one should have given, and yet: those backlit uses itself, those every object has, and some of other alphabets. */
import { renamed } from "../../src/graph/names.ts";
import type { ModelProto } from "../../src/onnx/proto.ts";

const ODD = [
  ...["relevance", "target", "seed", "ledger", "explained_target", "relevance:x0", "relevance@v3", "shape:0", "shape:1"],
  ...["bl:Add:0", "bl:Mul:1", "bl:f:0", "canon:f1:0", "low10:Add:0", "low0:i1:0", "trips:v3", "trips:v3/iteration"],
  ...[
    "constructor",
    "toString",
    "hasOwnProperty",
    "0",
    "1",
    "-1",
    "a b",
    "a/b",
    "a\nb",
    '"',
    "ρ→β",
    "日本",
    "🦊",
    ".",
    "x*",
    "'",
    " ",
  ],
];

/** Gives some values odd names: the k-th value of the graph that `picks` name, in turn. Inputs and outputs too. */
export const renameValues = (model: ModelProto, picks: readonly number[]): { model: ModelProto; name(value: string): string } => {
  const { graph } = model;
  const values = [
    ...new Set([...graph.input.map((v) => v.name), ...graph.output.map((v) => v.name), ...graph.node.flatMap((n) => n.output)]),
  ];
  const given = new Map<string, string>();
  const used = new Set<string>();
  for (let i = 0; i + 1 < picks.length; i += 2) {
    const [value, odd] = [values[picks[i]! % values.length]!, ODD[picks[i + 1]! % ODD.length]!];
    if (given.has(value) || used.has(odd)) continue;
    given.set(value, odd);
    used.add(odd);
  }
  // Some nodes, too; no two by one name.
  const label = new Map([...used].slice(0, 2).map((odd, i) => [(picks[i]! * 7) % graph.node.length, odd]));
  const name = (value: string) => given.get(value) ?? value;
  const named = <T extends { readonly name: string }>(v: T): T => ({ ...v, name: name(v.name) });
  return {
    name,
    model: {
      ...model,
      graph: {
        ...graph,
        input: graph.input.map(named),
        output: graph.output.map(named),
        initializer: graph.initializer.map(named),
        node: graph.node.map((node, k) => ({ ...renamed(node, name), name: label.get(k) ?? "" })),
      },
    },
  };
};
