/** A worker of its own: where the blocks of a network stand. Whoever no longer wants to know ends it. */
import { graphlib, layout } from "@dagrejs/dagre";
import type { Placed, ToPlace } from "./placed.ts";

self.addEventListener("message", ({ data: { from, width, height } }: MessageEvent<ToPlace>) => {
  const graph = new graphlib.Graph().setGraph({ ranksep: 34, nodesep: 24 }).setDefaultEdgeLabel(() => ({}));
  from.forEach((_, i) => {
    graph.setNode(String(i), { width, height });
  });
  from.forEach((before, i) => {
    for (const j of before) graph.setEdge(String(j), String(i));
  });
  layout(graph);
  const at = from.map((_, i) => {
    const { x, y } = graph.node(String(i)) as { readonly x: number; readonly y: number };
    return { x, y };
  });
  const { width: wide = 0, height: high = 0 } = graph.graph();
  postMessage({ at, width: wide, height: high } satisfies Placed);
});
