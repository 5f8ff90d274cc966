/** Whether a map is what Deep Taylor promises: conservative and positive. */
import { type Consistency, consistencyOf } from "@backlit/core";
import type { ExplainedMap } from "../rows/explained.ts";
import { amount, percent } from "./numbers.ts";

/** Over all explained inputs together. Undefined without a ledger, which says what the map should add up to. */
export const mapConsistency = ({ relevances, ledger }: Pick<ExplainedMap, "relevances" | "ledger">): Consistency | undefined => {
  if (ledger === undefined) return undefined;
  const data = Float32Array.from(Object.values(relevances).flatMap((map) => Array.from(map.data as Float32Array)));
  return consistencyOf({ type: "float32", dims: [1, data.length], data }, [ledger.seed]);
};

/** In a line. */
export const consistencyLine = ({ samples, consistent, conservative, positive }: Consistency): string => {
  const { score, sum, positivity } = samples[0]!;
  const lacks = [conservative ? "" : "not conservative", positive ? "" : "not positive"].filter(Boolean).join(", ");
  const why = score < 0 ? "; the score is negative, where Deep Taylor says nothing" : "";
  return `${consistent ? "consistent" : lacks}: Σ R = ${amount(sum)} of ${amount(score)}, ${percent(positivity)} of it positive${why}`;
};
