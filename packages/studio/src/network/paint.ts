/** A network on one canvas: what is in view, and no more than can be read at that size. */
import { type Block, keptShare, type Network } from "../shown/network.ts";
import { BLOCK, type Placed } from "./placed.ts";

export interface View {
  readonly x: number;
  readonly y: number;
  readonly k: number;
}

export interface Inks {
  readonly ink: string;
  readonly line: string;
  readonly panel: string;
  readonly lost: string;
  readonly chosen: string;
}

/** Names are drawn from this scale on. */
const READABLE = 0.45;

/** Draws at the screen's own resolution. */
export const paintNetwork = (
  canvas: HTMLCanvasElement,
  { network, places, chosen }: { readonly network: Network; readonly places: Placed; readonly chosen: number | undefined },
  view: View,
  inks: Inks,
): void => {
  const ratio = devicePixelRatio;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (canvas.width !== width * ratio || canvas.height !== height * ratio) {
    canvas.width = width * ratio;
    canvas.height = height * ratio;
  }
  const context = canvas.getContext("2d")!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.setTransform(ratio * view.k, 0, 0, ratio * view.k, ratio * view.x, ratio * view.y);
  const [left, top] = [-view.x / view.k - BLOCK.width, -view.y / view.k - BLOCK.height];
  const [right, bottom] = [left + width / view.k + 2 * BLOCK.width, top + height / view.k + 2 * BLOCK.height];
  const seen = (i: number): boolean => {
    const { x, y } = places.at[i]!;
    return x > left && x < right && y > top && y < bottom;
  };
  context.strokeStyle = inks.line;
  context.lineWidth = 1;
  context.beginPath();
  network.blocks.forEach(({ from }, i) => {
    for (const j of from) {
      if (!seen(i) && !seen(j)) continue;
      const [a, b] = [places.at[j]!, places.at[i]!];
      context.moveTo(a.x, a.y + BLOCK.height / 2);
      const middle = (a.y + b.y) / 2;
      context.bezierCurveTo(a.x, middle, b.x, middle, b.x, b.y - BLOCK.height / 2);
    }
  });
  context.stroke();
  network.blocks.forEach((block, i) => {
    if (seen(i))
      drawBlock(context, block, { ...places.at[i]!, k: view.k, share: keptShare(block, network.of), chosen: i === chosen }, inks);
  });
};

const drawBlock = (
  context: CanvasRenderingContext2D,
  { op, rule, layer }: Block,
  {
    x,
    y,
    k,
    share,
    chosen,
  }: { readonly x: number; readonly y: number; readonly k: number; readonly share: number; readonly chosen: boolean },
  inks: Inks,
): void => {
  const [left, top] = [x - BLOCK.width / 2, y - BLOCK.height / 2];
  context.beginPath();
  context.roundRect(left, top, BLOCK.width, BLOCK.height, 7);
  context.fillStyle = inks.panel;
  context.fill();
  context.globalAlpha = Math.min(0.75, 3 * Math.abs(share));
  context.fillStyle = inks.lost;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = chosen ? inks.chosen : inks.line;
  context.lineWidth = chosen ? 4 : layer ? 2 : 1;
  context.stroke();
  if (k < READABLE) return;
  context.fillStyle = inks.ink;
  context.textAlign = "center";
  context.font = `${layer ? "600 " : ""}14px system-ui, sans-serif`;
  context.fillText(op, x, y - 3, BLOCK.width - 10);
  context.font = "12px system-ui, sans-serif";
  const kept = Math.abs(share) < 0.0005 ? "" : `, ${share < 0 ? "+" : "−"}${(100 * Math.abs(share)).toFixed(1)} %`;
  context.fillText(`${rule.name}${kept}`, x, y + 14, BLOCK.width - 10);
};

/** The block at a point of the canvas. */
export const blockAt = (places: Placed, { x, y, k }: View, point: readonly [number, number]): number | undefined => {
  const [px, py] = [(point[0] - x) / k, (point[1] - y) / k];
  const found = places.at.findIndex((at) => Math.abs(at.x - px) <= BLOCK.width / 2 && Math.abs(at.y - py) <= BLOCK.height / 2);
  return found < 0 ? undefined : found;
};
