/** How the numbers of a raw head are a box: what there is, by name. Nothing of it is taken without being named or read. */

/**
 * With t the head's four numbers at a cell, g its column and row, s the stride, a the anchor's width and height:
 *
 * | name | centre, or corners | size |
 * |---|---|---|
 * | `yolov2` | (σ(t) + g) s | exp(t) a s: anchors in cells |
 * | `yolov3` (v4 as well) | (σ(t) + g) s | exp(t) a |
 * | `yolov5` (v7 as well) | (2σ(t) − ½ + g) s | (2σ(t))² a |
 * | `yolox` | (t + g) s | exp(t) s |
 * | `distances` | corners (g + ½ ∓ t) s | |
 * | `dfl` | the same, each distance Σ_i i softmax(t)_i over its bins | |
 * | `deltas`, `deltas-yx` (heights first) | (g + ½) s + t a | exp(t) a |
 */
export const BOX_DECODERS = ["yolov2", "yolov3", "yolov5", "yolox", "distances", "dfl", "deltas", "deltas-yx"] as const;
export type BoxDecoder = (typeof BOX_DECODERS)[number];

/** What a person says of a head's anchors: a published set by its name, or numbers, of all scales from the finest or a list for each. */
export type AnchorsSaid = string | readonly number[] | readonly (readonly number[])[];
