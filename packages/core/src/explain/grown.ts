/** Relevance that grows on its way: where most of it is added. */
import type { Ledger } from "./ledger.ts";

/** Of what leaves the head; more than this is no longer a matter of biases. */
const MOST = 10;

/** `leaving`: Σ|R| as relevance leaves the head, for each map; its seed where that is not known. */
export const grownNotice = (ledgers: readonly Ledger[] = [], leaving?: readonly number[]): readonly string[] => {
  const k = ledgers.findIndex(({ arrived, seed }, i) => Math.abs(arrived) > MOST * (leaving?.[i] ?? Math.abs(seed)));
  const ledger = ledgers[k];
  const base = ledger && (leaving?.[k] ?? Math.abs(ledger.seed));
  if (ledger === undefined || !base) return [];
  const [worst] = [...ledger.entries].sort((a, b) => Math.abs(b.out) - Math.abs(b.in) - (Math.abs(a.out) - Math.abs(a.in)));
  const share = Math.round((100 * Math.abs(ledger.arrived)) / base);
  const where = worst === undefined ? "" : `; most of it is added at node '${worst.node}' (${worst.op}, ${worst.rule})`;
  return [
    `${share < 1e6 ? share.toLocaleString("en") : share.toExponential(0)} % of what leaves the head arrives at the input${where}; a recipe can give that node another rule`,
  ];
};
