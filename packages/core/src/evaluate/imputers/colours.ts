/** A sample made of its own colours: all channels of every position taken from another position. */
import { positionsOf } from "../../features/layout.ts";
import type { Stream } from "../../numeric/random.ts";
import { sampleOf } from "../../tensor/float.ts";
import { layoutOfSample } from "./channels.ts";
import { type Filling, type Imputing, snapshot } from "./imputer.ts";
import { drawnTogether } from "./together.ts";

/** `drawer`: made once, gives a position for each position. */
export const coloursBy = (sample: Imputing, drawer: (stream: Stream, positions: number) => () => number): Filling => {
  const row = sampleOf(sample.x, sample.n);
  const layout = layoutOfSample(sample);
  const { before, after } = layout;
  const positions = positionsOf(layout);
  const stream = sample.stream();
  const draw = drawer(stream, positions);
  const values = new Float32Array(row.length);
  for (let p = 0; p < positions; p++) {
    const from = draw();
    for (let c = 0; c < before; c++)
      for (let d = 0; d < after; d++) values[(c * positions + p) * after + d] = row[(c * positions + from) * after + d]!;
  }
  return snapshot(drawnTogether(values, sample, stream));
};
