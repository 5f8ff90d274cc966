/** The methods that follow attention. */
import { gradientRollout } from "./gradient.ts";
import { rawAttention } from "./raw.ts";
import { attentionRollout } from "./rollout.ts";

export const attentionMethods = [rawAttention, attentionRollout, gradientRollout];
