/**
 * What methods of many passes cost: integrated gradients in gradient passes (50 steps: at most 55), occlusion and RISE in forward passes
 * (at least 90 % of the images a second of bare batched runs of the same size). Side by side, round by round.
 */
import { encodeModelBytes, load, type Runtime, type Tensor } from "@backlit/core";
import { ratio, sideBySide, spread } from "./measure.ts";
import { type NetworkName, networks, sample } from "./networks.ts";
import { type Row, row } from "./report.ts";

const STEPS = 50;
const BATCH = 8;
/** Rows of one run of a perturbation method here. */
const ROWS = 64;

export const methodCosts = async (
  name: NetworkName,
  runtime: Runtime,
  rounds: number,
  onRow: (row: Row) => void,
): Promise<void> => {
  const model = await networks[name]();
  const bytes = encodeModelBytes(model);
  await using lit = await load(bytes, { runtime, name });
  const x = Object.values(sample(model))[0] as Tensor;
  const gradient = () => lit.explain(x, { method: "gradient", target: 1 });
  const integrated = () => lit.explain(x, { method: "integrated-gradients", params: { steps: STEPS }, target: 1 });
  await gradient();
  await integrated();
  const [one, all] = await sideBySide([gradient, integrated], rounds);
  onRow(row(name, "gradient", "ms", spread(one!)));
  onRow(row(name, `integrated gradients, ${STEPS} steps, in gradients`, "×", ratio(one!, all!), 55));

  const forward = await runtime.createSession(bytes);
  try {
    const batch = sample(model, BATCH);
    const bare = async () => {
      for (let k = 0; k < ROWS / BATCH; k++) await forward.run(batch);
    };
    // Windows of 28 pixels, 28 apart: 64 of them; 64 masks.
    const occlusion = () =>
      lit.explain(x, { method: "occlusion", params: { window: "28", stride: "28" }, target: 1, batch: BATCH });
    const rise = () => lit.explain(x, { method: "rise", params: { masks: ROWS }, target: 1, batch: BATCH });
    await occlusion();
    await rise();
    const [plain, hidden, masked] = await sideBySide([bare, occlusion, rise], rounds);
    onRow(row(name, `${ROWS} forward passes by ${BATCH}`, "ms", spread(plain!)));
    onRow(row(name, "occlusion, the same number", "×", ratio(plain!, hidden!), 1.11));
    onRow(row(name, "RISE, the same number", "×", ratio(plain!, masked!), 1.11));
  } finally {
    await forward.release();
  }
};
