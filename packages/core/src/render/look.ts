/** How maps of pictures are drawn: plain options, the same for the command, a page and a service. Numbers that are saved never change by them. */
import { fail } from "../errors.ts";
import { type ColorMap, diverging, divergingDark, sequential, sequentialDark } from "./colour/colormap.ts";
import type { Range } from "./raster/plane.ts";

export const STYLES = ["panels", "overlay", "map", "masked"] as const;
export const COLORMAPS = ["auto", "dark", "diverging", "diverging-dark", "sequential", "sequential-dark"] as const;
const PLACES = ["crop", "original"] as const;
const DOTS = ["divide", "keep"] as const;

export interface Look {
  /** `panels`: input, relevance and both; `overlay`: relevance over the grey picture; `map`; `masked`: the picture where it speaks for the class. */
  readonly style?: (typeof STYLES)[number];
  /** `auto`: diverging where something speaks against, else sequential; `dark`: the same on a dark ground. */
  readonly colormap?: (typeof COLORMAPS)[number];
  /** Opacity of the strongest relevance over a picture, 0 to 1. Default 1. */
  readonly alpha?: number;
  /** Percentile of |R| where the colours end, above 0 up to 100. Default 99.5. */
  readonly clip?: number;
  /** σ of a Gaussian blur in pixels of the model's input; 0 (default) is none. */
  readonly smooth?: number;
  /** On what the model saw of the picture (default), or on the whole of it. */
  readonly on?: (typeof PLACES)[number];
  /** Dots that the stride of the first layer makes: divided out (default) or kept. */
  readonly dots?: (typeof DOTS)[number];
}

const oneOf = (names: readonly string[]) => ({
  is: (value: unknown) => typeof value === "string" && names.includes(value),
  fix: `give ${names.slice(0, -1).join(", ")} or ${names.at(-1)}`,
});
const within = (is: (value: number) => boolean, words: string) => ({
  is: (value: unknown) => typeof value === "number" && Number.isFinite(value) && is(value),
  fix: `give a number ${words}`,
});

const FIELDS: Readonly<Record<keyof Look, { readonly is: (value: unknown) => boolean; readonly fix: string }>> = {
  style: oneOf(STYLES),
  colormap: oneOf(COLORMAPS),
  alpha: within((value) => value >= 0 && value <= 1, "from 0 to 1"),
  clip: within((value) => value > 0 && value <= 100, "above 0, up to 100"),
  smooth: within((value) => value >= 0 && value <= 1000, "from 0 to 1000"),
  on: oneOf(PLACES),
  dots: oneOf(DOTS),
};

/** The same, checked; what is undefined is left out. Errors: Usage for options that are none and values out of range. */
export const checkLook = (look: Look): Look => {
  const given = Object.entries(look).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    const field = Object.hasOwn(FIELDS, name) ? FIELDS[name as keyof Look] : undefined;
    if (field === undefined)
      throw fail("Usage", { what: `a picture has no option '${name}'`, fix: `it has ${Object.keys(FIELDS).join(", ")}` });
    if (!field.is(value)) throw fail("Usage", { what: `${name} ${String(value)}`, fix: field.fix });
  }
  return Object.fromEntries(given);
};

const MAPS = { diverging, "diverging-dark": divergingDark, sequential, "sequential-dark": sequentialDark } as const;

/** The colours of a range under a look. */
export const coloursOf = ({ colormap = "auto" }: Look, { signed }: Pick<Range, "signed">): ColorMap => {
  if (colormap === "auto") return signed ? diverging : sequential;
  if (colormap === "dark") return signed ? divergingDark : sequentialDark;
  return MAPS[colormap];
};

export const isDark = ({ colormap = "auto" }: Look): boolean => colormap.endsWith("dark");
