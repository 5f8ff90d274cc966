/** Sounds as models take them. */
export { describesSound, type SoundSteps, soundSteps } from "./config.ts";
export { soundFrames, soundWave } from "./features.ts";
export { readWav, type Sound } from "./wav.ts";
