/** What `audit` tells a person in the terminal; the page tells more. */
import { maxOf } from "@backlit/core";
import type { Surface } from "../../host/surface.ts";
import { percent } from "../../report/numbers.ts";
import type { Audit, Check } from "./document.ts";
import { checkNumbers, headline, methodLine } from "./words.ts";

export const auditReport = (audit: Audit, { colours }: Pick<Surface, "colours">, written?: string): string => {
  const { model, checks, ledger, limits, sha256 } = audit;
  const shade = (verdict: Check["verdict"]) =>
    verdict === "passed"
      ? colours.green
      : verdict === "failed"
        ? colours.red
        : verdict === "not enough data"
          ? colours.yellow
          : colours.dim;
  const width = maxOf(checks.map(({ verdict }) => verdict.length));
  return [
    `${colours.bold(`audit of ${model.name}`)}: ${methodLine(audit)}`,
    colours.bold(headline(checks)),
    "",
    ...checks.flatMap((check) => [
      `${shade(check.verdict)(check.verdict.padEnd(width))}  ${check.what}: ${check.words}`,
      ...checkNumbers(check).map((line) => `${" ".repeat(width)}  ${colours.dim(line)}`),
    ]),
    ...(ledger === undefined
      ? []
      : ["", `of the seed, ${percent(ledger.arrived.median)} reached the input (median); ${causesOf(ledger.causes)}`]),
    "",
    "known limits",
    ...limits.map((limit) => `  ${limit}`),
    "",
    `SHA-256 of this audit ${sha256}`,
    ...(written === undefined ? [] : [`written to ${written}; backlit audit --verify ${written} MODEL DATA does it again`]),
    "",
  ].join("\n");
};

const causesOf = (causes: NonNullable<Audit["ledger"]>["causes"]): string =>
  Object.entries(causes)
    .sort(([, a], [, b]) => Math.abs(b.median) - Math.abs(a.median))
    .slice(0, 3)
    .map(([cause, { median }]) => `${cause} ${percent(median)}`)
    .join(", ") || "nothing was lost";
