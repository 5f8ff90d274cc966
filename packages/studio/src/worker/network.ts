/** The plan and the ledger of the last explanation as one list of blocks. */
import { type Ledger, nodeLabel } from "@backlit/core";
import { choiceRequestOf, choicesOf } from "@backlit/workbench";
import type { Network } from "../shown/network.ts";
import { optionsOf } from "./asked.ts";
import { explained } from "./explained.ts";
import type { ExplainAsk } from "./messages.ts";

/** Errors: those of explaining; BadRecipe for methods that have no plan. */
export const network = async (asked: ExplainAsk, progress: (text: string) => void): Promise<Network> => {
  const { lit, result } = await explained(asked, progress);
  const { plan } = lit.inspect(choicesOf(choiceRequestOf(optionsOf(lit, asked)), lit.bundle));
  const [{ ledger, leaving }] = result.rows[0]!.maps as [(typeof result.rows)[number]["maps"][number]];
  const makers = new Map(plan.steps.flatMap(({ node }, i) => node.output.map((value) => [value, i] as const)));
  const accounts = accountsOf(ledger);
  const blocks = plan.steps.map(({ node, op, role, rule, why, loses, index }) => {
    const name = nodeLabel(node);
    const entry = accounts.get(name);
    return {
      name,
      op,
      kind: role.kind as string,
      rule,
      why,
      loses,
      layer: index !== undefined,
      value: node.output[0]!,
      from: [...new Set(node.input.flatMap((value) => makers.get(value) ?? []))],
      nodes: node.body?.map(nodeLabel) ?? [],
      ...(entry && { in: entry.in, out: entry.out, causes: entry.causes as Readonly<Record<string, number>> }),
    };
  });
  return { blocks, seed: ledger?.seed ?? 0, of: Math.abs(leaving ?? ledger?.seed ?? 0), arrived: ledger?.arrived ?? 0 };
};

/** By node. */
const accountsOf = (ledger: Ledger | undefined): ReadonlyMap<string, Ledger["entries"][number]> =>
  new Map((ledger?.entries ?? []).filter(({ op }) => op !== "head").map((entry) => [entry.node, entry]));
