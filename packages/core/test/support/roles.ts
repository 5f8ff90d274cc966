/** What a role writes, run by itself: the nodes are put behind the model's own. */
import { Builder } from "../../src/graph/builder.ts";
import { Facts } from "../../src/graph/facts.ts";
import { graphOf, valuesRead } from "../../src/graph/graph.ts";
import { type Role, roleOf, type Site } from "../../src/ops/index.ts";
import { type Feeds, model, numbers, runModel, traced } from "./run.ts";

/** Values of what `write` names, for the role of the node that makes `z`. */
export const runRole = async <K extends string>(
  text: string,
  feeds: Feeds,
  write: (site: Site, role: Role) => Readonly<Record<K, string>>,
): Promise<Record<K, number[]>> => {
  const source = model(text);
  const graph = graphOf(source);
  const facts = new Facts(graph, await traced(source));
  const node = graph.nodes.find(({ output }) => output.includes("z"))!;
  const role = roleOf(node, facts);
  if (typeof role === "string") throw new Error(role);
  const g = new Builder(facts, [...graph.initializers.keys(), ...graph.nodes.flatMap((n) => [...valuesRead(n), ...n.output])]);
  const wanted = Object.entries<string>(write({ g, facts, node }, role));
  const out = await runModel(
    {
      ...source,
      graph: {
        ...source.graph,
        node: [...source.graph.node, ...g.nodes],
        initializer: [...source.graph.initializer, ...g.constants],
        output: [...new Set(wanted.map(([, name]) => name))].filter((name) => !(name in feeds)).map((name) => ({ name })),
      },
    },
    feeds,
  );
  return Object.fromEntries(wanted.map(([key, name]) => [key, numbers(out[name] ?? feeds[name])])) as Record<K, number[]>;
};
