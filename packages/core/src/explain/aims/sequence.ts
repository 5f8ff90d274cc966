/** Positions of a sequence: which of them are text and which padding, and which tokens stand there. */
import { fail } from "../../errors.ts";
import { isAside } from "../../reading/explained-sums.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Grid, gridOf } from "./grid.ts";
import type { Scene } from "./scene.ts";

export interface Sequence {
  readonly grid: Grid;
  readonly length: number;
  /** By sample: whether a position is no padding. */
  holds(sample: number, position: number): boolean;
  /** The last position that is no padding. */
  last(sample: number): number;
  /** Whether a token stands there that the tokenizer put in beside the text's own. */
  special(sample: number, position: number): boolean;
  /** The token at a position. Errors: BadTarget, where the model takes none. */
  token(sample: number, position: number): number;
}

/** Errors: BadTarget, where the output has no positions, or has them along several axes. */
export const sequenceOf = (scene: Scene): Sequence => {
  const grid = gridOf(scene);
  const [length = 0, ...more] = grid.positions;
  if (more.length > 0)
    throw fail("BadTarget", {
      what: "a target at a position of a sequence",
      why: `the output's positions lie along ${grid.positions.length} axes`,
      fix: "name one by CLASS@pixel:i,j",
    });
  const mask = maskOf(scene, length);
  const holds = (sample: number, position: number) => mask === undefined || mask(sample, position) !== 0;
  const last = (sample: number): number => {
    for (let position = length - 1; position >= 0; position--) if (holds(sample, position)) return position;
    throw fail("BadTarget", {
      what: `sample ${sample} has no last token`,
      why: "its mask is 0 everywhere",
      fix: "give a mask of the text",
    });
  };
  const { tokens } = scene.lit.options;
  const ids = idsOf(scene, length);
  const special = (sample: number, position: number) => ids !== undefined && tokens?.special?.(ids(sample, position)) === true;
  return { grid, length, holds, last, special, token: tokensOf(ids) };
};

/** Numbers of tokens by sample and position; undefined where none are fed. */
export const idsOf = (scene: Scene, length: number) =>
  rowsOf(scene, length, (name) => /input_ids|tokens?$|^ids$/i.test(name)) ??
  rowsOf(scene, length, (name) => !isAside({ inputs: [name] }));

/** What is fed as mask, by sample and position. */
export const maskOf = (scene: Scene, length: number) => rowsOf(scene, length, (name) => /mask/i.test(name));

const tokensOf =
  (ids: ReturnType<typeof idsOf>): Sequence["token"] =>
  (sample, position) => {
    if (ids !== undefined) return ids(sample, position);
    throw fail("BadTarget", {
      what: "tokens of the sample",
      why: "the model takes no token ids",
      fix: "name a class: CLASS@position:P",
    });
  };

/** Whole numbers that are fed, one for each position. */
const rowsOf = ({ feeds, samples }: Scene, length: number, is: (name: string) => boolean) => {
  // What a decoder gives stands at the places of its own tokens, however many the encoder has.
  const own = Object.keys(feeds).some((name) => DECODER.test(name)) ? (name: string) => DECODER.test(name) : () => true;
  const found = Object.entries(feeds).find(([name, tensor]) => own(name) && is(name) && isRow(name, tensor, samples, length));
  if (found === undefined) return undefined;
  const { data } = found[1];
  const each = data.length === length ? 0 : length;
  return (sample: number, position: number) => Number(data[sample * each + position]);
};

const DECODER = /decoder/i;

/** A number for each position, of each sample or of all. */
const isRow = (name: string, { type, dims, data }: Tensor, samples: number, length: number): boolean =>
  (/int|bool/.test(type) || /mask/i.test(name)) &&
  dims.at(-1) === length &&
  (data.length === samples * length || data.length === length);
