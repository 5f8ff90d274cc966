/** Frames of a sound as energies of mel bands, the way feature extractors of speech and sound models make them. */
import { type Mel, melFilters } from "./mel.ts";

export interface Spectrogram {
  /** Samples of a frame, of its transform (zeros behind the frame), and from frame to frame. */
  readonly window: number;
  readonly fft: number;
  readonly hop: number;
  /** Periodic is what transforms want, symmetric what Kaldi takes. */
  readonly hann: "periodic" | "symmetric";
  /** Frames are centred at multiples of the hop, the sound mirrored at its ends. */
  readonly centred: boolean;
  /** Each frame's mean is taken away, then x(n) − p x(n − 1). */
  readonly withoutMean: boolean;
  readonly preemphasis: number;
  /** Of magnitudes: 1 or 2. */
  readonly power: number;
  readonly mel: Mel;
  readonly log: "none" | "ln" | "log10" | "decibel";
  /** Energies are at least that before the logarithm. */
  readonly floor: number;
}

export interface Frames {
  readonly frames: number;
  readonly bands: number;
  /** Frame after frame. */
  readonly data: Float32Array;
}

export const spectrogram = (samples: Float32Array, how: Spectrogram, rate: number): Frames => {
  const { window, fft, hop, mel } = how;
  const sound = how.centred ? mirrored(samples, Math.floor(fft / 2)) : samples;
  const span = how.centred ? fft : window;
  const frames = sound.length < span ? 0 : 1 + Math.floor((sound.length - span) / hop);
  const filters = melFilters(mel, fft, rate).map((weights) => {
    const first = weights.findIndex((weight) => weight > 0);
    return { first: Math.max(0, first), weights: weights.subarray(Math.max(0, first), weights.findLastIndex((w) => w > 0) + 1) };
  });
  const shape = windowOf(how);
  const transform = energiesOf(fft, how.power);
  const data = new Float32Array(frames * mel.bands);
  const frame = new Float64Array(fft);
  // A window shorter than a centred transform lies in its middle.
  const offset = how.centred ? Math.floor((fft - window) / 2) : 0;
  for (let n = 0; n < frames; n++) {
    frame.fill(0);
    for (let i = 0; i < window; i++) frame[offset + i] = sound[n * hop + offset + i]!;
    if (how.withoutMean) {
      const mean = frame.subarray(offset, offset + window).reduce((sum, v) => sum + v, 0) / window;
      for (let i = 0; i < window; i++) frame[offset + i]! -= mean;
    }
    if (how.preemphasis !== 0) {
      for (let i = window - 1; i > 0; i--) frame[offset + i]! -= how.preemphasis * frame[offset + i - 1]!;
      frame[offset]! *= 1 - how.preemphasis;
    }
    for (let i = 0; i < window; i++) frame[offset + i]! *= shape[i]!;
    const energies = transform(frame);
    for (const [band, { first, weights }] of filters.entries()) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k]! * energies[first + k]!;
      data[n * mel.bands + band] = logOf(how, sum);
    }
  }
  return { frames, bands: mel.bands, data };
};

const logOf = ({ log, floor }: Spectrogram, energy: number): number => {
  if (log === "none") return energy;
  const at = Math.max(floor, energy);
  return log === "ln" ? Math.log(at) : (log === "decibel" ? 10 : 1) * Math.log10(at);
};

const windowOf = ({ window, hann }: Spectrogram): Float64Array => {
  const round = hann === "periodic" ? window : window - 1;
  return Float64Array.from({ length: window }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / round));
};

/** Without the ends themselves. */
const mirrored = (samples: Float32Array, pad: number): Float32Array => {
  const last = samples.length - 1;
  const at = (i: number): number => {
    if (last === 0) return 0;
    const round = ((i % (2 * last)) + 2 * last) % (2 * last);
    return round > last ? 2 * last - round : round;
  };
  return Float32Array.from({ length: samples.length + 2 * pad }, (_, i) => samples[at(i - pad)]!);
};

/** |DFT|^power of real numbers, k = 0 … n/2; sizes of frames are no powers of two, and few. */
const energiesOf = (n: number, power: number) => {
  const cosines = Float64Array.from({ length: n }, (_, i) => Math.cos((2 * Math.PI * i) / n));
  const bins = Math.floor(n / 2) + 1;
  const quarter = n / 4;
  const sines = Float64Array.from({ length: n }, (_, i) =>
    Number.isInteger(quarter) ? cosines[(i - quarter + n) % n]! : Math.sin((2 * Math.PI * i) / n),
  );
  const out = new Float64Array(bins);
  return (frame: Float64Array): Float64Array => {
    for (let k = 0; k < bins; k++) {
      let [re, im] = [0, 0];
      for (let i = 0, at = 0; i < n; i++, at += k) {
        if (at >= n) at -= n;
        re += frame[i]! * cosines[at]!;
        im += frame[i]! * sines[at]!;
      }
      out[k] = (re * re + im * im) ** (power / 2);
    }
    return out;
  };
};
