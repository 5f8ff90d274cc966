/** The imputers, one line each. */

import type { MethodParameter } from "../../cards/parameters.ts";
import { fail } from "../../errors.ts";
import type { Trial } from "../metric.ts";
import { blur } from "./blur.ts";
import { constant } from "./constant.ts";
import { conv } from "./conv.ts";
import { diffusion } from "./diffusion.ts";
import { dirichlet } from "./dirichlet.ts";
import { given } from "./given.ts";
import { histogram } from "./histogram.ts";
import type { Filling, Imputer } from "./imputer.ts";
import { invert } from "./invert.ts";
import { mean } from "./mean.ts";
import { patches } from "./patches.ts";
import { references } from "./references.ts";
import { road } from "./road.ts";
import { maskToken, padToken } from "./token.ts";
import { uniform } from "./uniform.ts";

/** All imputers by name; `defineImputer` adds to them. */
export const imputers: Readonly<Record<string, Imputer>> = Object.fromEntries(
  [
    constant,
    mean,
    uniform,
    histogram,
    dirichlet,
    blur,
    road,
    diffusion,
    invert,
    patches,
    conv,
    references,
    maskToken,
    padToken,
    given,
  ].map((imputer) => [imputer.card.name, imputer]),
);

export const IMPUTER: MethodParameter = {
  what: `what stands in for removed values: zero, ${Object.values(imputers)
    .map(({ card }) => card.form)
    .join(", ")}`,
  default: "zero",
};

/** What stands in for sample n in repeat j. `spec` is as in IMPUTER. Errors: BadRecipe. */
export const fillingOf = (trial: Trial, spec: string, n: number, repeat: number): Filling =>
  trial.shared.once({ filling: spec, n, repeat }, () => {
    const [name = "", ...args] = (spec === "zero" ? "constant:0" : spec).split(":");
    const imputer = imputers[name];
    if (imputer === undefined)
      throw fail("BadRecipe", { what: `imputer '${spec}'`, fix: `zero, ${Object.keys(imputers).join(", ")}` });
    const { x, ids, random, range, others, references, absent, kind } = trial;
    const id = ids[n]!;
    return imputer.prepare(args, {
      x,
      n,
      id,
      repeat,
      stream: () => random.stream(id, repeat, 1),
      ...(range && { range }),
      ...(others && { others }),
      ...(references && { references }),
      ...(absent && { absent }),
      ...(trial.given && { given: trial.given }),
      kind,
    });
  });
