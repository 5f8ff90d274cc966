export { isNpy, readNpy, toFloat32, writeNpy } from "../formats/npy.ts";
export type { NpzLimits } from "../formats/npz.ts";
export { readNpz, writeNpz } from "../formats/npz.ts";
export { editDistance } from "../numeric/edit-distance.ts";
export {
  bandCentres,
  describesSound,
  readWav,
  type Sound,
  type SoundSteps,
  soundFrames,
  soundSteps,
  soundWave,
} from "./audio/index.ts";
export { findLabel, readLabelLines, readLabels } from "./labels.ts";
export { readBmp } from "./picture/bmp.ts";
export type { InputDims, PictureDims } from "./picture/dims.ts";
export { pictureDims } from "./picture/dims.ts";
export type { Geometry } from "./picture/geometry.ts";
export { seenRectangle, toInput, toPicture } from "./picture/geometry.ts";
export { guessPreprocessor, type PictureHints } from "./picture/guess.ts";
export type { Pixels } from "./picture/pixels.ts";
export { cropPixels, onWhite, withChannels } from "./picture/pixels.ts";
export { depreprocess, preprocess } from "./picture/preprocess.ts";
export type { CropStep, Preprocessor, ResizeStep } from "./picture/preprocessor.ts";
export { asBytes, pixelBox } from "./picture/preprocessor.ts";
export { PICTURE_RANGES, type PictureRange } from "./picture/ranges.ts";
export { describesPreprocessing, readPreprocessor } from "./picture/read-preprocessor.ts";
export type { ResizeFilter } from "./picture/resize.ts";
export { resize as resizePixels } from "./picture/resize.ts";
export { type PictureBase, type SaidPreprocessing, sayPreprocessing } from "./picture/said.ts";
export { writePreprocessor } from "./picture/write-preprocessor.ts";
export type { Span } from "./text/align-tokens.ts";
export { alignTokens } from "./text/align-tokens.ts";
export type { TokenSurface } from "./text/token-surface.ts";
export { tokenSurface } from "./text/token-surface.ts";
export type { ScoredText, TextToken, TextWord, TokenizedText } from "./text/token-text.ts";
export { scoreText, sumsByPosition } from "./text/token-text.ts";
export type { Words } from "./text/words.ts";
export { wordsOf } from "./text/words.ts";
