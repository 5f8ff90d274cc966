/** Bands of frequencies as the ear parts them: triangles between neighbouring edges that are equally far apart in mel. */

export interface Mel {
  readonly bands: number;
  /** Hertz. */
  readonly low: number;
  readonly high: number;
  /** htk: 2595 log10(1 + f/700); kaldi: 1127 ln(1 + f/700), triangles in mel; slaney: linear to 1000 Hz, then logarithmic (Slaney's Auditory Toolbox). */
  readonly scale: "htk" | "kaldi" | "slaney";
  /** Triangles of equal area, 2 / (upper − lower edge). */
  readonly norm: boolean;
}

const STEP = 27 / Math.log(6.4);

const TO_MEL: Readonly<Record<Mel["scale"], (hertz: number) => number>> = {
  htk: (f) => 2595 * Math.log10(1 + f / 700),
  kaldi: (f) => 1127 * Math.log(1 + f / 700),
  slaney: (f) => (f < 1000 ? (3 * f) / 200 : 15 + Math.log(f / 1000) * STEP),
};

const TO_HERTZ: Readonly<Record<Mel["scale"], (mel: number) => number>> = {
  htk: (m) => 700 * (10 ** (m / 2595) - 1),
  kaldi: (m) => 700 * (Math.exp(m / 1127) - 1),
  slaney: (m) => (m < 15 ? (200 * m) / 3 : 1000 * Math.exp((m - 15) / STEP)),
};

/** Edges of the triangles, two more than bands: a band's middle is the one behind its number. */
const edgesOf = ({ bands, low, high, scale }: Mel): readonly number[] => {
  const [first, last] = [TO_MEL[scale](low), TO_MEL[scale](high)];
  return Array.from({ length: bands + 2 }, (_, i) => first + ((last - first) * i) / (bands + 1));
};

/** The middle of each band in hertz, ascending. */
export const bandCentres = (mel: Mel): readonly number[] => edgesOf(mel).slice(1, -1).map(TO_HERTZ[mel.scale]);

/** One row of weights a band, over the frequencies k · rate / fft, k = 0 … fft/2. */
export const melFilters = (mel: Mel, fft: number, rate: number): readonly Float64Array[] => {
  const { bands, scale, norm } = mel;
  const [toMel, toHertz] = [TO_MEL[scale], TO_HERTZ[scale]];
  const mels = edgesOf(mel);
  const inMel = scale === "kaldi";
  const edges = inMel ? mels : mels.map(toHertz);
  const place = (k: number) => (inMel ? toMel((k * rate) / fft) : (k * rate) / fft);
  return Array.from({ length: bands }, (_, band) => {
    const [left, middle, right] = edges.slice(band, band + 3) as [number, number, number];
    const area = norm ? 2 / (toHertz(mels[band + 2]!) - toHertz(mels[band]!)) : 1;
    return Float64Array.from({ length: Math.floor(fft / 2) + 1 }, (_, k) => {
      const at = place(k);
      return area * Math.max(0, Math.min((at - left) / (middle - left), (right - at) / (right - middle)));
    });
  });
};
