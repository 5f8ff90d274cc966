/** All texts of the page. */
export const words = {
  title: "backlit studio",
  claim: "Drop a model and an input, and see what its prediction rests on. Everything runs in this page; nothing leaves it.",
  examples: "Examples",
  own: "Your own",
  pickFiles: "Choose files…",
  pickFolder: "Choose a folder…",
  ownHint: "An .onnx file or its folder, and a picture, array or table: drop them anywhere.",
  text: "Text",
  explainText: "Explain this text",
  prediction: "Prediction",
  predictionHint: "Choose a class to see what speaks for it.",
  map: "Relevance",
  loading: "loading",
  working: "starting",
  stop: "Stop",
  waiting: "Now give the model an input: a picture, an array, a table or a text.",
  stored: "stored result; computing it anew",
  agrees: "computed in this page; agrees with the stored result",
  live: "computed in this page",
  usual: "usual for this model",
  way: "Method",
  composites: "Rules of layer-wise relevance propagation",
  methods: "Other methods",
  usualWhat: "The rules that measured best on models of this kind; the recipe below names them.",
  assumes: "Assumes",
  cost: "Cost",
  source: "Source",
  modes: { overlay: "Over the input", relevance: "Relevance alone", input: "Input alone" },
  mode: "View",
  opacity: "Opacity",
  clip: "Colours end at",
  colours: "Colours",
  colourNames: { light: "on white", dark: "on black" },
  smooth: "Smooth",
  inWords: "The map in words",
  ninths: "Share of the relevance (for minus against) in nine parts of the picture",
  wordsHint: "Orange words speak for the class, blue and underlined ones against it.",
  allWords: "All words by strength",
  notDrawn: "This kind of input is not drawn here; take the numbers away as NPY.",
  against: "against",
  forIt: "for",
  takeAway: "Take away",
  png: "Picture (PNG)",
  svg: "Drawing (SVG)",
  npy: "Numbers (NPY)",
  recipe: "Recipe (JSON)",
  onnx: "Explaining model (ONNX)",
  command: "Copy as command",
  copied: "Copied",
  drop: "Drop to open",
  privacy: "No request goes to any other site.",
  whatToDo: "What to do",
  noMap: "There is no map",
  noMapWhy:
    "All of its relevance is zero or cancels out: there is nothing to colour. Another class, or another method, may have one.",
  believe: "Does the map hold?",
  believeHint:
    "Parts of the input go one after another while the model is asked again. A good map loses the score fast when the most relevant go first, and keeps it when they go last.",
  play: "Play",
  pause: "Pause",
  stepBack: "One step back",
  stepOn: "One step on",
  removeFirst: "First goes",
  insteadOf: "In its place",
  fillings: {
    zero: "zero, as the model counts",
    mean: "the mean of the input",
    blur: "a blurred copy",
    road: "what the neighbours suggest",
    uniform: "noise",
  },
  orders: { mif: "the most relevant", lif: "the least relevant", random: "whatever comes (random)" },
  scrub: "Step",
  goneAxis: "gone",
  goneLabel: "The input without what went first",
  goneNames: "Gone:",
  nothing: "nothing yet",
  curveLabel: "The score while parts of the input go, in three orders; the table below has the numbers.",
  curveTable: "The curves as a table",
} as const;

/** A map in one sentence, for those who do not see it. */
export const mapInWords = (target: string, share: { readonly for: number; readonly against: number }, where: string): string =>
  `Relevance for ${target}: ${percent(share.for)} of it speaks for the class, ${percent(share.against)} against; it is strongest ${where}.`;

export const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;

/** A probability in per cent, another number as it is. */
export const scoreIn = (score: number, probable: boolean): string => (probable ? percent(score) : score.toPrecision(3));

interface FlipStep {
  readonly step: number;
  readonly last: number;
  readonly gone: number;
  readonly units: number;
  readonly share: number;
  readonly score: string;
}

export const flipStep = ({ step, last, gone, units, share, score }: FlipStep): string =>
  `Step ${step} of ${last}: ${gone} of ${units} parts are gone (${percent(share)} of the input); the score is ${score}.`;

/** Of the areas between the curves, what a person can take from them. */
export const verdictOf = ({ srg, mrg, lrg }: { readonly srg: number; readonly mrg: number; readonly lrg: number }): string => {
  const found = [
    mrg > 0
      ? "without what the map marks the score falls faster than at random"
      : "what the map marks matters no more than anything else",
    lrg > 0 ? "without the rest it holds longer" : "the rest matters as much",
  ].join("; ");
  const says = mrg > 0 && lrg > 0 ? "The map holds" : srg > 0 ? "The map holds in part" : "The map does not hold";
  return `${says}: ${found}. Symmetric relevance gain ${srg.toFixed(3)} (most relevant first ${mrg.toFixed(3)}, least relevant first ${lrg.toFixed(3)}; 0 is chance).`;
};
