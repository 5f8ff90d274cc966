/** Dots of rows along an axis, beside each other where they are many, coloured by what each row has in a column. */
import { type Html, html } from "../../html/html.ts";
import { type Axis, placeOn } from "../dot-whisker.ts";
import { round } from "../svg.ts";
import { placeClass } from "./table.ts";

export interface SwarmDot {
  readonly value: number;
  /** Its colour, −1 to 1. */
  readonly place: number | undefined;
  readonly title: string;
}

const DOT = 3;

/** `middle`: the line they stand on; `height`: px that they may take across it. */
export const swarm = (dots: readonly SwarmDot[], axis: Axis, middle: number, height: number): readonly Html[] => {
  const taken = new Map<number, number>(); // how many stand at a place already
  const most = height / 2 - DOT;
  return dots.map(({ value, place, title }) => {
    const x = placeOn(axis, value);
    const bin = Math.round(x / DOT);
    const before = taken.get(bin) ?? 0;
    taken.set(bin, before + 1);
    const away = Math.ceil(before / 2) * (before % 2 === 0 ? 1 : -1) * DOT;
    const y = middle + Math.max(-most, Math.min(most, away));
    return html`<circle class="${placeClass(place)}" stroke-width="0" cx="${round(x)}" cy="${round(y)}" r="${DOT}"><title>${title}</title></circle>`;
  });
};
