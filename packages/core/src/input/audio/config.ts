/** What a preprocessor_config.json says of sound: Hugging Face's extractors of waveforms and of mel spectrograms, and torchaudio's MelSpectrogram by its own words. */
import { fail } from "../../errors.ts";
import type { Spectrogram } from "./spectrogram.ts";

/** Plain data. */
export interface SoundSteps {
  /** Samples a second that the model wants; undefined: those of the file. */
  readonly rate: number | undefined;
  /** Waveforms: mean 0, deviation 1. */
  readonly normalize: boolean;
  /** Waveforms are filled up with silence, or cut, to as many samples. */
  readonly samples: number | undefined;
  /** Undefined where the model takes the waveform. */
  readonly features: Spectrogram | undefined;
  /** Frames are filled up with zeros, or cut, to as many. */
  readonly frames: number | undefined;
  /** Of the features: Whisper's range (nothing below the largest − 8, then (x + 4) / 4), or (x − mean) / std. */
  readonly range: "whisper" | { readonly mean: number; readonly std: number };
}

type Json = Readonly<Record<string, unknown>>;

const WAVEFORM: SoundSteps = {
  ...{ rate: undefined, normalize: false, samples: undefined, features: undefined, frames: undefined },
  range: { mean: 0, std: 1 },
};

/** Errors: BadFile for an extractor that is not known, and for numbers that cannot be. */
export const soundSteps = (json: Json | undefined): SoundSteps => {
  if (json === undefined) return WAVEFORM;
  const rate = count(json, "sampling_rate");
  const kind = String(json.feature_extractor_type ?? ("n_mels" in json ? "MelSpectrogram" : "Wav2Vec2FeatureExtractor"));
  const steps = KINDS[kind];
  if (steps === undefined)
    throw fail("BadFile", {
      what: `feature_extractor_type '${kind}' is not known`,
      fix: `these are: ${Object.keys(KINDS).join(", ")}; or save the features as .npy`,
    });
  return { ...WAVEFORM, ...steps(json, rate), rate };
};

const count = (json: Json, key: string, usual?: number): number => {
  const value = json[key] ?? usual;
  if (typeof value === "number" && Number.isInteger(value) && value > 0) return value;
  throw fail("BadFile", {
    what: `${key}: ${JSON.stringify(value)}`,
    where: "preprocessor_config.json",
    fix: "give a whole number from 1",
  });
};

const number = (json: Json, key: string, usual: number): number => {
  const value = json[key] ?? usual;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw fail("BadFile", { what: `${key}: ${JSON.stringify(value)}`, where: "preprocessor_config.json", fix: "give a number" });
};

const oneOf = <T extends string>(json: Json, key: string, allowed: readonly T[]): T => {
  const value = (json[key] ?? allowed[0]) as T;
  if (allowed.includes(value)) return value;
  throw fail("BadFile", {
    what: `${key}: ${JSON.stringify(value)}`,
    where: "preprocessor_config.json",
    fix: `it is ${allowed.join(" or ")}`,
  });
};

/** The waveform itself (wav2vec 2.0, HuBERT, WavLM). */
const waveform = (json: Json): Partial<SoundSteps> => ({ normalize: json.do_normalize === true });

/** Log-mel of 30 seconds (Radford et al. 2022). */
const whisper = (json: Json, rate: number): Partial<SoundSteps> => {
  const [fft, hop] = [count(json, "n_fft", 400), count(json, "hop_length", 160)];
  const samples = count(json, "n_samples", count(json, "chunk_length", 30) * rate);
  return {
    samples,
    frames: Math.floor(samples / hop),
    range: "whisper",
    features: {
      ...{ window: fft, fft, hop, hann: "periodic", centred: true, withoutMean: false, preemphasis: 0, power: 2 },
      mel: { bands: count(json, "feature_size", 80), low: 0, high: 8000, scale: "slaney", norm: true },
      ...{ log: "log10", floor: 1e-10 },
    },
  };
};

/** Kaldi's filter banks, as the Audio Spectrogram Transformer takes them (Gong et al. 2021): normalised to half a deviation. */
const kaldi = (json: Json, rate: number): Partial<SoundSteps> => ({
  frames: count(json, "max_length", 1024),
  range:
    json.do_normalize === false
      ? { mean: 0, std: 1 }
      : { mean: number(json, "mean", -4.2677393), std: 2 * number(json, "std", 4.5689974) },
  features: {
    ...{ window: Math.round(rate * 0.025), fft: 2 ** Math.ceil(Math.log2(rate * 0.025)), hop: Math.round(rate * 0.01) },
    ...{ hann: "symmetric", centred: false, withoutMean: true, preemphasis: 0.97, power: 2 },
    mel: { bands: count(json, "num_mel_bins", 128), low: 20, high: Math.floor(rate / 2), scale: "kaldi", norm: false },
    ...{ log: "ln", floor: 2 ** -23 },
  },
});

/** torchaudio.transforms.MelSpectrogram by its arguments, then `log` (ln, log10, decibel or none), `floor`, `mean`, `std`, `max_length`. */
const torchaudio = (json: Json, rate: number): Partial<SoundSteps> => {
  const fft = count(json, "n_fft", 400);
  const window = count(json, "win_length", fft);
  return {
    frames: json.max_length === undefined ? undefined : count(json, "max_length"),
    range: { mean: number(json, "mean", 0), std: number(json, "std", 1) },
    features: {
      ...{
        window,
        fft,
        hop: count(json, "hop_length", Math.floor(window / 2)),
        hann: "periodic",
        centred: json.center !== false,
      },
      ...{ withoutMean: false, preemphasis: 0, power: number(json, "power", 2) },
      mel: {
        bands: count(json, "n_mels", 128),
        low: number(json, "f_min", 0),
        high: number(json, "f_max", rate / 2),
        scale: oneOf(json, "mel_scale", ["htk", "slaney"]),
        norm: json.norm === "slaney",
      },
      ...{ log: oneOf(json, "log", ["ln", "log10", "decibel", "none"]), floor: number(json, "floor", 1e-6) },
    },
  };
};

const KINDS: Readonly<Record<string, (json: Json, rate: number) => Partial<SoundSteps>>> = {
  Wav2Vec2FeatureExtractor: waveform,
  WhisperFeatureExtractor: whisper,
  ASTFeatureExtractor: kaldi,
  MelSpectrogram: torchaudio,
};
