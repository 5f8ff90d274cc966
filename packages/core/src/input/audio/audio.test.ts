import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readNpz } from "../../formats/npz.ts";
import { soundSteps } from "./config.ts";
import { soundFrames, soundWave } from "./features.ts";
import { bandCentres, type Mel, melFilters } from "./mel.ts";
import { resampleSound } from "./resample.ts";
import { readWav } from "./wav.ts";

const RATE = 16000;
const wave = Float32Array.from({ length: 8000 }, (_, i) => {
  const t = i / RATE;
  return 0.4 * Math.sin(2 * Math.PI * (300 * t + 2000 * t * t)) + 0.1 * Math.cos(2 * Math.PI * 3100 * t);
});
const sound = { rate: RATE, channels: [wave] };
const reference = readNpz(new Uint8Array(readFileSync(new URL("../fixtures/sounds.npz", import.meta.url))));
const farthest = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (v, i) => Math.abs(v - b[i]!)));
};
const made = (config: Readonly<Record<string, unknown>>) => {
  const steps = soundSteps({ sampling_rate: RATE, ...config });
  return soundFrames(soundWave(sound, steps), steps, RATE);
};

/** A WAV file of samples as they are to be written. */
const wav = (tag: number, bits: number, channels: number, write: (view: DataView, from: number) => number): Uint8Array => {
  const bytes = new Uint8Array(200);
  const view = new DataView(bytes.buffer);
  const text = (at: number, mark: string) => bytes.set(new TextEncoder().encode(mark), at);
  text(0, "RIFF");
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, tag, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, 8000, true);
  view.setUint16(34, bits, true);
  text(36, "LIST");
  view.setUint32(40, 3, true); // an odd size is filled up
  text(48, "data");
  const size = write(view, 56);
  view.setUint32(52, size, true);
  return bytes.subarray(0, 56 + size);
};

describe("WAV", () => {
  test.each<[string, Uint8Array, readonly (readonly number[])[]]>([
    [
      "8 bits",
      wav(1, 8, 1, (v, at) => {
        v.setUint8(at, 0);
        v.setUint8(at + 1, 192);
        return 2;
      }),
      [[-1, 0.5]],
    ],
    [
      "16 bits, two channels",
      wav(1, 16, 2, (v, at) => {
        [-32768, 16384, 0, -8192].forEach((s, i) => void v.setInt16(at + 2 * i, s, true));
        return 8;
      }),
      [
        [-1, 0],
        [0.5, -0.25],
      ],
    ],
    [
      "24 bits",
      wav(1, 24, 1, (v, at) => {
        v.setUint16(at, 0, true);
        v.setInt8(at + 2, -64);
        return 3;
      }),
      [[-0.5]],
    ],
    [
      "32 bits",
      wav(1, 32, 1, (v, at) => {
        v.setInt32(at, 2 ** 30, true);
        return 4;
      }),
      [[0.5]],
    ],
    [
      "floats",
      wav(3, 32, 1, (v, at) => {
        v.setFloat32(at, 0.75, true);
        return 4;
      }),
      [[0.75]],
    ],
    [
      "doubles",
      wav(3, 64, 1, (v, at) => {
        v.setFloat64(at, -0.75, true);
        return 8;
      }),
      [[-0.75]],
    ],
  ])("%s", (_, bytes, channels) => {
    expect(readWav(bytes)).toEqual({ rate: 8000, channels: channels.map((one) => Float32Array.from(one)) });
  });

  test("what is no sound, has none, or is compressed", () => {
    const empty = wav(1, 16, 1, () => 0);
    expect(() => readWav(new Uint8Array(60))).toThrow("a WAV file cannot be read: it does not begin as one");
    expect(() => readWav(empty.subarray(0, 56))).toThrow("it has no samples");
    expect(() => readWav(empty.subarray(0, 20))).toThrow("its format is missing");
    expect(() => readWav(wav(6, 8, 1, () => 4))).toThrow("format 6, 8 bits, 1 channels: convert it to 16-bit PCM");
  });
});

test("another rate: a tone below both limits stays the tone, one above the new limit goes", () => {
  const tone = (rate: number, hertz: number, seconds = 0.2) =>
    Float32Array.from({ length: Math.round(rate * seconds) }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / rate));
  for (const [from, to] of [
    [44100, 16000],
    [8000, 22050],
  ] as const) {
    const got = resampleSound(tone(from, 440), from, to);
    const want = tone(to, 440);
    expect(Math.abs(got.length - want.length)).toBeLessThanOrEqual(1);
    expect(farthest(got.slice(200, 1300), want.slice(200, 1300))).toBeLessThan(5e-3);
  }
  const gone = resampleSound(tone(44100, 12000), 44100, 16000).slice(200, 2800);
  expect(Math.max(...gone.map(Math.abs))).toBeLessThan(0.02);
});

describe("features, as the models' own extractors make them", () => {
  test("Whisper", () => {
    const { data, frames, bands } = made({
      feature_extractor_type: "WhisperFeatureExtractor",
      feature_size: 20,
      chunk_length: 1,
      hop_length: 160,
      n_fft: 400,
    });
    expect([frames, bands]).toEqual([100, 20]);
    const [rows, columns] = reference.get("whisper")!.dims as [number, number];
    const turned = Float32Array.from({ length: rows * columns }, (_, i) => data[(i % columns) * rows + Math.floor(i / columns)]!);
    expect(farthest(turned, reference.get("whisper")!.data as Float32Array)).toBeLessThan(1e-4);
  });

  test("Audio Spectrogram Transformer", () => {
    const { data } = made({
      feature_extractor_type: "ASTFeatureExtractor",
      num_mel_bins: 24,
      max_length: 56,
      mean: -4.2677393,
      std: 4.5689974,
    });
    expect(farthest(data, reference.get("ast")!.data as Float32Array)).toBeLessThan(1e-3);
  });

  test("torchaudio's words", () => {
    const { data, frames } = made({ n_fft: 400, hop_length: 200, n_mels: 16, f_min: 50, f_max: 7000, log: "decibel" });
    expect(frames).toBe(41);
    expect(farthest(data, reference.get("plain")!.data as Float32Array)).toBeLessThan(2e-3);
  });

  test("wav2vec", () => {
    const steps = soundSteps({ feature_extractor_type: "Wav2Vec2FeatureExtractor", sampling_rate: RATE, do_normalize: true });
    expect(farthest(soundWave(sound, steps).slice(0, 500), reference.get("wav2vec")!.data as Float32Array)).toBeLessThan(1e-5);
  });

  test("what a config cannot say", () => {
    expect(() => soundSteps({ sampling_rate: RATE, feature_extractor_type: "ClapFeatureExtractor" })).toThrow("is not known");
    expect(() => soundSteps({ sampling_rate: 0.5 })).toThrow("sampling_rate: 0.5");
    expect(() => soundSteps({ sampling_rate: RATE, n_mels: 16, log: "loud" })).toThrow('log: "loud"');
  });
});

test("bands lie where their filters hear most, in hertz", () => {
  for (const scale of ["htk", "kaldi", "slaney"] as const) {
    const mel: Mel = { bands: 12, low: 40, high: 7600, scale, norm: false };
    const [fft, rate] = [4096, 16000];
    const loudest = melFilters(mel, fft, rate).map((row) => (row.indexOf(Math.max(...row)) * rate) / fft);
    for (const [band, hertz] of bandCentres(mel).entries()) expect(Math.abs(hertz - loudest[band]!)).toBeLessThan(rate / fft);
  }
});
