/**
 * Functions of the model (ModelProto.functions, IR 8: PyTorch's dynamo exporter writes its library that way): every call is replaced
 * by the function's nodes, on the call's values, with the call's attributes where the body refers to them.
 */
import { fail } from "../errors.ts";
import { domainOf, graphsOf, namesOf, nodeLabel, nodesOf } from "../graph/graph.ts";
import { namer, renamed, withSubgraphs } from "../graph/names.ts";
import type { AttributeProto, FunctionProto, GraphProto, ModelProto, NodeProto } from "../onnx/proto.ts";
import { Budget } from "./budget.ts";
import { older } from "./opset/index.ts";
import type { Pass } from "./pass.ts";

const keyOf = (domain: string, name: string, overload = ""): string => [domainOf(domain), name, overload].join("\n");

export const functions: Pass = {
  name: "functions",
  what: "calls of functions in the file are replaced by their nodes",
  needs: "nothing",
  apply: ({ model }, budget = new Budget()) => {
    if (model.functions.length === 0) return undefined;
    const known = new Map(model.functions.map((f) => [keyOf(f.domain, f.name, f.overload), f]));
    const count = inlinedCount(model.graph.node, known);
    if (known.size > 0 && count > nodesOf(model.graph).length) budget.inline(count);
    const value = namer(namesOf(model.graph));
    const label = namer(nodesOf(model.graph).map((node) => node.name));
    let calls = 0;
    const inlined = (nodes: readonly NodeProto[]): NodeProto[] =>
      nodes.flatMap((node) => {
        const f = known.get(keyOf(node.domain, node.opType, node.overload));
        if (f === undefined) return [withSubgraphs(node, (graph) => ({ ...graph, node: inlined(graph.node) }))];
        checkOpset(f, model);
        calls++;
        return inlined(bodyOf(node, f, value, label));
      });
    const graph: GraphProto = { ...model.graph, node: inlined(model.graph.node), valueInfo: [] };
    const used = new Set(nodesOf(graph).map((node) => domainOf(node.domain)));
    const imports = [...model.opsetImport, ...model.functions.flatMap((f) => f.opsetImport)];
    const opsetImport = imports.filter(
      ({ domain }, i) =>
        (used.has(domainOf(domain)) || domainOf(domain) === "") &&
        imports.findIndex((other) => domainOf(other.domain) === domainOf(domain)) === i,
    );
    return {
      model: { ...model, functions: [], opsetImport, graph },
      notes: calls === 0 ? [] : [`${calls} calls of functions are inlined`],
    };
  },
};

/** Nodes there will be, those of subgraphs too, without writing them: calls in calls double quickly. @throws BadModel where one never ends */
const inlinedCount = (nodes: readonly NodeProto[], known: ReadonlyMap<string, FunctionProto>): number => {
  const counts = new Map<FunctionProto, number>();
  const open = new Set<FunctionProto>();
  const count = (all: readonly NodeProto[]): number =>
    all.reduce((sum, node) => {
      const f = known.get(keyOf(node.domain, node.opType, node.overload));
      return (
        sum + (f === undefined ? 1 + graphsOf(node).reduce((inner, graph) => inner + count(graph.node), 0) : countOf(f, node))
      );
    }, 0);
  const countOf = (f: FunctionProto, call: NodeProto): number => {
    if (open.has(f))
      throw fail("BadModel", {
        what: `function '${f.name}' calls itself`,
        where: `node ${nodeLabel(call)}`,
        why: "it never ends",
      });
    open.add(f);
    const found = counts.get(f) ?? count(f.node);
    open.delete(f);
    counts.set(f, found);
    return found;
  };
  return count(nodes);
};

/** The nodes of a function, on the values and with the attributes of a call. */
const bodyOf = (
  call: NodeProto,
  f: FunctionProto,
  value: (wish: string) => string,
  label: (wish: string) => string,
): NodeProto[] => {
  const at = nodeLabel(call);
  const names = new Map<string, string>(f.input.map((name, i) => [name, call.input[i] ?? ""]));
  const copies: NodeProto[] = [];
  f.output.forEach((name, i) => {
    const output = call.output[i];
    if (!output) return;
    // An output that is an input as it came, or the same output twice.
    if (names.has(name))
      copies.push({ opType: "Identity", domain: "", name: "", input: [name], output: [output], attribute: [] });
    else names.set(name, output);
  });
  const outside = (name: string): string => {
    const known = names.get(name);
    if (known !== undefined) return known;
    const fresh = value(`${at}/${name}`);
    names.set(name, fresh);
    return fresh;
  };
  const copied = copies.map((node) => ({ ...node, input: node.input.map(outside) }));
  const nodes = f.node.map((node) => ({
    ...renamed(bound(node, call, f), outside),
    name: label(`${at}/${node.name || node.opType}`),
  }));
  return [...nodes, ...copied];
};

/** The node with the call's attributes, or the function's defaults, where it refers to them; absent where there is neither. */
const bound = (node: NodeProto, call: NodeProto, f: FunctionProto): NodeProto => {
  const attribute = node.attribute.flatMap((a): AttributeProto[] => {
    if (!a.refAttrName) return [a];
    const given = [...call.attribute, ...f.attributeProto].find(({ name }) => name === a.refAttrName);
    return given === undefined ? [] : [{ ...given, name: a.name }];
  });
  return withSubgraphs({ ...node, attribute }, (graph) => ({
    ...graph,
    node: graph.node.map((inner) => bound(inner, call, f)),
  }));
};

/** A function may import another opset than the model as long as its operators mean the same in both. */
const checkOpset = (f: FunctionProto, model: ModelProto): void => {
  const versionOf = ({ opsetImport }: Pick<ModelProto, "opsetImport">) =>
    opsetImport.find(({ domain }) => domainOf(domain) === "")?.version;
  const [own, outer] = [versionOf(f) ?? versionOf(model), versionOf(model) ?? versionOf(f)];
  if (own === outer || own === undefined || outer === undefined) return;
  const since = (op: string) => older[op]?.since ?? (/^Reduce(?!Sum$)/.test(op) ? 18 : 0);
  const changed = f.node.find(
    ({ domain, opType }) =>
      domainOf(domain) === "" && Math.min(own, outer) < since(opType) && since(opType) <= Math.max(own, outer),
  );
  if (changed !== undefined)
    throw fail("BadModel", {
      what: `function '${f.name}' uses ${changed.opType} as of opset ${own}`,
      why: `it has another form in opset ${outer}, which the model imports`,
      fix: "export the model and its functions with one opset",
    });
};
