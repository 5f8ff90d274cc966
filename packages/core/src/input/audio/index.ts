/** Sounds as models take them. */
export { type SoundSteps, soundSteps } from "./config.ts";
export { describesSound } from "./describes.ts";
export { soundFrames, soundWave } from "./features.ts";
export { bandCentres } from "./mel.ts";
export { readWav, type Sound } from "./wav.ts";
