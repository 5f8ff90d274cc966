/** Sounds as feeds: the waveform at the model's rate, or frames of features where its config says how they are made. */
import {
  bandCentres,
  fail,
  readWav,
  type Sound,
  type SoundSteps,
  soundFrames,
  soundSteps,
  soundWave,
  type Tensor,
  type ValueInfoProto,
} from "@backlit/core";
import { dimsOf, shapeOf } from "../../models/inputs.ts";
import type { Bundle } from "../../models/open.ts";
import type { Sample, SoundSample } from "../../samples/sample.ts";
import type { Rows, Taking } from "../kind.ts";
import type { LoadedInput } from "../loaded-input.ts";
import { within } from "../within.ts";

interface Heard {
  /** What the model's config says. */
  readonly sound: Bundle["sound"];
  note(text: string): void;
}

type Fed = { readonly tensor: Tensor; readonly sound: SoundSample };

export const readSound = (loaded: SoundFile, { targets: [input], file, reading }: Taking): Rows => [
  within(loaded.name, () => soundSample(loaded, input!, file, reading)),
];

type SoundFile = Extract<LoadedInput, { kind: "sound" }>;

/** Errors: BadInput for a file that cannot be read, and for a model that takes no sound like this; BadFile for its config. */
export const soundSample = (
  { bytes, name }: SoundFile,
  input: ValueInfoProto,
  file: string,
  { sound: config, note }: Heard,
): Sample => {
  const steps = soundSteps(config);
  const sound = readWav(bytes);
  if (sound.channels.length > 1) note(`${name} has ${sound.channels.length} channels: their mean is taken`);
  if (steps.rate === undefined)
    note(
      `nothing says at which rate the model hears: sounds are taken as they are (${sound.rate} Hz); --sample-rate, or sampling_rate in preprocessor_config.json, says it`,
    );
  else if (steps.rate !== sound.rate) note(`${name} is brought from ${sound.rate} to ${steps.rate} Hz`);
  const fed = (steps.features === undefined ? waveform : features)(sound, steps, input);
  const { tensor } = fed;
  const sizes = dimsOf(input);
  const short = tensor.dims[fed.sound.axes.time + 1]!;
  if (fed.sound.steps !== short)
    note(`${name} is ${fed.sound.steps < short ? "filled up with silence" : "cut"} to the ${short} steps the model takes`);
  const own = sizes.length === tensor.dims.length ? tensor.dims : tensor.dims.slice(1);
  return {
    file,
    feeds: { [input.name]: { ...tensor, dims: own } },
    sound: { ...fed.sound, steps: Math.min(short, fed.sound.steps) },
  };
};

/** [N, L], [N, 1, L], [N, L, 1] or [L], at most one axis longer than 1. */
const waveform = (sound: Sound, steps: SoundSteps, input: ValueInfoProto): Fed => {
  const dims = dimsOf(input);
  const own = dims.length > 1 ? dims.slice(1) : dims;
  const others = own.filter((size) => size === 1).length;
  if (own.length - others !== 1 || own.length > 2) throw noWaveform(input);
  const time = own.findIndex((size) => size !== 1);
  const wave = soundWave(sound, steps);
  const length = typeof own[time] === "number" ? own[time] : wave.length;
  const rate = steps.rate ?? sound.rate;
  return {
    tensor: {
      type: "float32",
      dims: [1, ...own.map((size, axis) => (axis === time ? length : (size as number)))],
      data: sized(wave, length),
    },
    sound: { step: 1 / rate, first: 0, axes: { time }, steps: wave.length },
  };
};

/** Frames × bands, or bands × frames, with or without a channel, by the sizes of the model's input. */
const features = (sound: Sound, steps: SoundSteps, input: ValueInfoProto): Fed => {
  const rate = steps.rate ?? sound.rate;
  const { hop, window, centred, mel } = steps.features!;
  const wave = soundWave(sound, steps);
  const made = soundFrames(wave, steps, rate);
  const own = dimsOf(input).slice(1);
  const channel = own.length === 3 ? own.indexOf(1) : -1;
  const sides = [...own.keys()].filter((axis) => axis !== channel);
  const frequency = sides.find((axis) => own[axis] === mel.bands);
  const time = sides.find((axis) => axis !== frequency);
  if (sides.length !== 2 || frequency === undefined || time === undefined)
    throw fail("BadInput", {
      what: `${mel.bands} bands of frequencies do not fit input '${input.name}'`,
      why: `the model takes ${shapeOf(input)}`,
      fix: "preprocessor_config.json says how many there are",
    });
  const frames = typeof own[time] === "number" ? own[time] : made.frames;
  if (frames === 0)
    throw fail("BadInput", { what: "the sound is shorter than a frame", why: `a frame has ${window} samples at ${rate} Hz` });
  const data = new Float32Array(frames * mel.bands);
  for (let n = 0; n < Math.min(frames, made.frames); n++)
    for (let band = 0; band < mel.bands; band++)
      data[time < frequency ? n * mel.bands + band : band * frames + n] = made.data[n * mel.bands + band]!;
  const heard = Math.max(1, Math.round(resampledLength(sound, rate) / hop));
  return {
    tensor: {
      type: "float32",
      dims: [1, ...own.map((size, axis) => (axis === time ? frames : axis === frequency ? mel.bands : (size as number)))],
      data,
    },
    sound: {
      step: hop / rate,
      first: centred ? 0 : window / 2 / rate,
      axes: { time, frequency },
      bands: bandCentres(mel),
      steps: steps.frames === undefined ? made.frames : heard,
    },
  };
};

const resampledLength = ({ channels, rate }: Sound, to: number): number => Math.ceil((channels[0]!.length * to) / rate);

const sized = (values: Float32Array, length: number): Float32Array => {
  if (values.length === length) return values;
  const out = new Float32Array(length);
  out.set(values.subarray(0, length));
  return out;
};

const noWaveform = (input: ValueInfoProto) =>
  fail("BadInput", {
    what: "the model takes no waveform",
    why: `its input '${input.name}' is ${shapeOf(input)}`,
    fix: "where it takes frames of features, preprocessor_config.json beside it says how they are made (docs/own-models.md); or save them as .npy",
  });
