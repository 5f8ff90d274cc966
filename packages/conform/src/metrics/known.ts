/** Parameters the reader knows: read, or words about the definition that the metric's name stands for. */
import type { Json } from "./case.ts";

const READ =
  "a aggregate b baseline border channels checkpoints correlation count_rule delta distance explain explanations file fractions hi imputer k kernel kind lo map masked_pixels masks n noise norm normalisation off_image_neighbours order order_file orders per_channel perturbations perturbed radius random_orders recompute repeats sample score sigma size spearman squares ssim_gaussian ssim_uniform7 subsets threshold tie_break tolerance_of_step tolerance_px unit use value weights x_axis bounds";

const WORDS =
  "auc checkpoint_rule closed_form closed_forms definition dot effective_complexity_abs_1e-5 effective_complexity_rel_0.1 empty_mask entropy image_entropy_bits input insert mask mass_accuracy mass_accuracy_weighted note order_shape pointing_game pointing_game_tolerance primary rank_accuracy removed_pixels shape sparseness start subsets_shape topk_intersection";

const KNOWN = new Set(`${READ} ${WORDS}`.split(" "));

/** Parameters nothing is known of: where the numbers do not hold, they may be why. */
export const strangeParameters = (params: Json): readonly string[] => Object.keys(params).filter((key) => !KNOWN.has(key));
