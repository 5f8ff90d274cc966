/** Detectors that choose inside, exported without names: torchvision's, whose suppression lies in a branch. */
import { expect, test } from "vitest";
import { model as built, traced } from "../../../test/support/run.ts";
import { Facts } from "../../graph/facts.ts";
import { graphOf } from "../../graph/graph.ts";
import { producersOf } from "../../graph/producers.ts";
import { selectedDetector } from "./selected.ts";

const TEXT = `g (float[6,4] d, float[6,2] l) => (float[3,4] n7, float[3] n9, int64[3] n8) <int64[1] all = {-1}, int64[1] three = {3}, int64 two = {2}> {
  s = Sigmoid (l) flat = Reshape (s, all) n9, i = TopK (flat, three) n8 = Mod (i, two) anchor = Div (i, two) n7 = Gather (d, anchor) }`;
const model = built(TEXT);
const node = (opType: string) => ({ opType, domain: "", name: "", input: [], output: [], attribute: [] });
const branch = { ...node("If"), attribute: [{ name: "then_branch", g: { ...model.graph, node: [node("NonMaxSuppression")] } }] };

const read = async (...more: readonly unknown[]) => {
  const graph = graphOf(model);
  const made = producersOf(graph.nodes);
  const nodes = [...graph.nodes, ...more] as typeof graph.nodes;
  return selectedDetector(
    { outputs: graph.outputs, nodes },
    { facts: new Facts(graph, await traced(TEXT)), producer: (value) => made.get(value) },
  );
};

test("the three outputs of a suppression tell themselves apart by their shapes", async () => {
  expect(await read(branch)).toMatchObject({ boxes: "n7", scores: "n9", classes: "n8", choices: [{ scores: "s", logits: "l" }] });
});

test("without one, numbers without names are no detections", async () => {
  expect(await read()).toBeUndefined();
});
