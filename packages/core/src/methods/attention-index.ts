/** The methods that follow attention. */
import { gradientRollout } from "./attention-gradient.ts";
import { rawAttention } from "./attention-raw.ts";
import { attentionRollout } from "./attention-rollout.ts";

export const attentionMethods = [rawAttention, attentionRollout, gradientRollout];
