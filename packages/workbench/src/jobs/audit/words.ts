/** The audit in words: what the page and the terminal say alike. */
import type { MethodRecipe, ResolvedRecipe } from "@backlit/core";
import { amount } from "../../report/numbers.ts";
import { describeRecipe } from "../../report/recipe.ts";
import { type Audit, type AuditTask, type Check, VERDICTS } from "./document.ts";

/** "5 checks passed, 1 failed: the ledger adds up" */
export const headline = (checks: readonly Check[]): string => {
  const having = (verdict: Check["verdict"]) => checks.filter((check) => check.verdict === verdict);
  const counts = VERDICTS.filter((verdict) => having(verdict).length > 0).map((verdict) => {
    const own = having(verdict);
    const names = verdict === "failed" ? `: ${own.map(({ what }) => quoted(what)).join(", ")}` : "";
    return `${own.length} ${verdict}${names}`;
  });
  return `${checks.length} checks: ${counts.join("; ")}.`;
};

const quoted = (what: string): string => `“${what}”`;

/** "the predicted class"; of what was found in the samples the first four. */
export const questionOf = ({ target, found }: Pick<AuditTask, "target" | "found">): string =>
  found !== undefined
    ? `${found.slice(0, 4).join(", ")}${found.length > 4 ? ", …" : ""}`
    : target === "top"
      ? "the predicted class"
      : target === "label"
        ? "the label's class"
        : quoted(target);

/** "auto (gamma-depth, seed log-odds) on photos, 200 samples, for the predicted class" */
export const methodLine = ({ method, data, task, version }: Audit): string => {
  const recipe = describeRecipe(method.recipe as ResolvedRecipe | MethodRecipe);
  const named = recipe.startsWith(method.name) ? recipe : `${method.name} (${recipe})`;
  return `${named} on ${data.name}, ${data.samples} samples, for ${questionOf(task)}; backlit ${version}`;
};

/** "measured 0.31; held against: Spearman's ρ at most 0.5; 100 samples" */
export const checkNumbers = ({ value, threshold, n }: Check): readonly string[] => {
  const parts = [
    ...(value === undefined || value === null ? [] : [`measured ${amount(Number(value.toPrecision(3))).replace("-", "−")}`]),
    ...(threshold === undefined ? [] : [`threshold: ${threshold}`]),
    ...(n === undefined ? [] : [`${n} samples`]),
  ];
  return parts.length === 0 ? [] : [parts.join("; ")];
};
