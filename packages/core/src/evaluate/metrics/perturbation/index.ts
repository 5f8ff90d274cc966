/** Metrics made of perturbation curves, one line each. */
import type { Metric } from "../../metric.ts";
import { abpc } from "./abpc.ts";
import { aopc } from "./aopc.ts";
import { averageDrop } from "./average-drop.ts";
import { comprehensiveness } from "./comprehensiveness.ts";
import { deletion } from "./deletion.ts";
import { insertion } from "./insertion.ts";
import { irof } from "./irof.ts";
import { naopc } from "./naopc.ts";
import { pixelFlipping } from "./pixel-flipping.ts";
import { road } from "./road.ts";
import { selectivity } from "./selectivity.ts";
import { srg } from "./srg.ts";
import { sufficiency } from "./sufficiency.ts";

export const perturbation: readonly Metric[] = [
  srg,
  pixelFlipping,
  aopc,
  abpc,
  naopc,
  deletion,
  insertion,
  selectivity,
  road,
  irof,
  sufficiency,
  comprehensiveness,
  averageDrop,
];
