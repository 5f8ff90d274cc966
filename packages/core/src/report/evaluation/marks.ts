/** Colours and line patterns of evaluation charts. Marks are told apart by shape, pattern or label first, by colour second. */
import marks from "./marks.css?raw";

/** Tones a line may have: orange, blue, grey, purple, green; also under red-green blindness all differ in hue or lightness. */
export const TONES = 5;

/** Rules for a page and for a drawing that stands alone. */
export const EVALUATION_MARKS: string = marks;
