import type { Engine } from "../engine.ts";
import { kserve } from "./kserve.ts";
import { mlflow } from "./mlflow.ts";
import { triton } from "./triton.ts";

/** Engines that an artefact is written for. */
export const engines: readonly Engine[] = [triton, kserve, mlflow];
