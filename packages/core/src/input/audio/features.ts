/** A sound as what a model takes: a waveform at its rate, or frames of features. */
import type { SoundSteps } from "./config.ts";
import { resampleSound } from "./resample.ts";
import { type Frames, spectrogram } from "./spectrogram.ts";
import { mono, type Sound } from "./wav.ts";

/** At the rate the model wants, the channels averaged; with the length and scale it wants. */
export const soundWave = (sound: Sound, { rate = sound.rate, samples, normalize }: SoundSteps): Float32Array => {
  const own = resampleSound(mono(sound), sound.rate, rate);
  const scaled = normalize ? standard(own) : own;
  return samples === undefined ? scaled : sized(scaled, samples);
};

/** Errors: none; a sound shorter than a frame has no frames. */
export const soundFrames = (wave: Float32Array, { features, frames, range }: SoundSteps, rate: number): Frames => {
  const made = spectrogram(wave, features!, rate);
  const { bands } = made;
  const count = frames ?? made.frames;
  if (range === "whisper") {
    const data = sized(made.data, count * bands); // of one frame more, the last
    const highest = data.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    return { bands, frames: count, data: data.map((v) => (Math.max(v, highest - 8) + 4) / 4) };
  }
  return { bands, frames: count, data: sized(made.data, count * bands).map((v) => (v - range.mean) / range.std) };
};

const sized = (values: Float32Array, length: number): Float32Array => {
  const out = new Float32Array(length);
  out.set(values.subarray(0, length));
  return out;
};

/** (x − mean) / √(variance + 1e-7) */
const standard = (values: Float32Array): Float32Array => {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  return values.map((v) => (v - mean) / Math.sqrt(variance + 1e-7));
};
