/** Where tree SHAP is written. */
import type { Builder } from "../../graph/builder.ts";
import type { Graph } from "../../graph/graph.ts";
import type { Plan } from "../../plan/index.ts";
import type { Logits } from "../logits.ts";
import type { Background } from "./background.ts";

export interface ShapleySite {
  readonly g: Builder;
  readonly graph: Graph;
  readonly plan: Plan;
  readonly logits: Logits;
  readonly background: Background;
}
