/** All texts of the page. */
export const words = {
  title: "backlit studio",
  claim: "Drop a model and an input, and see what its prediction rests on. Everything runs in this page; nothing leaves it.",
  examples: "Examples",
  own: "Your own",
  pickFiles: "Choose files…",
  pickFolder: "Choose a folder…",
  ownHint: "An .onnx file, its folder or a zip of it, and pictures, arrays or tables: drop them anywhere.",
  several: "Inputs",
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
  modes: {
    overlay: "Over the input",
    relevance: "Relevance alone",
    input: "Input alone",
    masked: "Input where it speaks for the class",
    panels: "All three side by side",
  },
  stripes: "Stripes against",
  mode: "View",
  opacity: "Opacity",
  clip: "Colours end at",
  colours: "Colours",
  colourNames: { light: "on white", dark: "on black" },
  smooth: "Smooth by pixels",
  dots: "Divide out dots of the first layer's stride",
  inWords: "The map in words",
  ninths: "Share of the relevance (for minus against) in nine parts of the picture",
  wordsHint: "Orange words speak for the class, blue and underlined ones against it.",
  boxesHint: "A box in the picture, or its line under Prediction, asks about that detection.",
  pixelHint: "A click into the picture asks about the class there.",
  labelHint: "A word, when chosen, asks what the model says of it.",
  tokenHint: "A word, when chosen, asks why it was to be expected there.",
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
  workerFailed: "the worker failed",
  reload: "reload the page",
  noMemory: "the browser ran out of memory",
  noMemoryFix: "Choose fewer threads or a method of fewer passes, close other pages, or take the command below to a terminal.",
  stillWork: "These ask the model only, and work with every operator:",
  noMap: "There is no map",
  noMapWhy:
    "All of its relevance is zero or cancels out: there is nothing to colour. Another class, or another method, may have one.",
  pad: "Draw a digit",
  padHint:
    "Draw with pointer or finger; it is explained while you draw. By keyboard: arrows move the pen, Space puts it down or lifts it.",
  padClear: "Clear",
  drawing: "drawing.png",
  rival: "Rather than",
  noRival: "no other class",
  anotherTarget: "Another target",
  targetHint: "Any word that --target takes: a label, A minus B, box:1, CLASS@pixel:y,x",
  explain: "Explain",
  rules: "Rules, live",
  gamma: "γ",
  epsilon: "ε",
  undo: "Undo",
  redo: "Redo",
  resetRules: "Rules as they were",
  settings: "Settings",
  engine: "Computed by",
  forget: "Forget kept models",
  keys: "Keys",
  keysShort: "Keys (?)",
  keysOn: "Single keys do something",
  close: "Close",
  keyList: [
    ["?", "this list"],
    ["1 … 5", "explain this class of the prediction"],
    ["v", "next view: over the input, alone, masked, …"],
    ["p", "play or pause: does the map hold?"],
    ["← →", "with the step slider: one step back or on"],
    ["u", "undo the last choice"],
    ["r", "redo it"],
    ["m", "go to the method"],
    ["e", "go to the examples"],
    ["Esc", "stop what is being computed"],
  ],
  skip: "Skip to the map",
  openWhole: "Open this in the studio",
  code: "Copy as code",
  withRecipe: "The rules were changed here: save the recipe beside the command.",
  report: "Report (HTML)",
  inputFile: "The input itself",
  explainedHere: "explained",
  ledger: "Where relevance went",
  learnt: "Does it depend on what the model learnt?",
  learntHint:
    "Layers forget their weights one after another, from the output on, and the input is explained again. A map that stays as it was shows the picture, not the model.",
  learntCheck: "Check with random weights",
  compare: "Compare methods",
  compareHint: "A row for each input, a column for each method. Zoom is the same in all of them.",
  leaveOut: "Leave out",
  addMethod: "Add",
  compareNow: "Compare",
  zoom: "Zoom",
  across: "Across",
  down: "Down",
  oneScale: "One scale for all inputs of a method",
  brush: "Erase parts",
  brushHint:
    "Paint grey over parts of the picture and watch score and map answer. By keyboard: arrows move the brush, Space erases.",
  restore: "Restore instead",
  brushSize: "Size",
  wholeAgain: "The whole picture again",
  camera: "Camera",
  snap: "Take a picture",
  cameraLive: "Explain what it sees",
  cameraOff: "Camera off",
  noCamera: "There is no camera for this page:",
  inside: "Where did relevance go?",
  groups: "Do the maps fall into groups?",
  groupsHint:
    "Maps of one class, placed by what they look at: near ones look at the same. A group that should not be there (a mark, a border) is how a model is right for the wrong reason.",
  groupNow: "Group the maps",
  ofClass: "Class",
  lasso: "Draw a line around samples to choose them; by keyboard, choose in the list.",
  planeLabel: "Samples in the plane, each as the number of its group",
  chosenSamples: "Samples",
  meanChosen: "mean of the chosen",
  meanOthers: "mean of the others",
  saveGroup: "Chosen as a group (JSON)",
  saveGroupHint: "For a repaired model:",
  rows: "All rows",
  row: "Step by step:",
  losing: "Where most of it was lost or added",
  lostHere: "lost",
  added: "added",
  graphHint:
    "The network from the input (above) to the output (below): the darker a block, the more relevance it keeps for itself. Drag to move, Ctrl and wheel to zoom, click a block; by keyboard arrows, + − 0, and the table above.",
  graphLabel: "Graph of the network; the table above names the blocks that lose relevance",
  larger: "Larger",
  smaller: "Smaller",
  whole: "Whole width",
  placing: "placing the blocks",
  notPlaced: "The blocks could not be placed; the table above has what they keep.",
  operator: "Operator",
  rule: "Rule",
  account: "Relevance",
  mayLose: "May be lost by",
  changeRule: "Change its rule",
  asChosen: "as the method says",
  layerMap: "Relevance here",
  layerLabel: "Relevance of this block's output, summed over channels",
  channels: "Channels by relevance",
  channelAbout: "What goes through a channel",
  channelOthers: "Drop several pictures to see which of them rest on it most.",
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
    usual: "what is usual of its kind",
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

/** What was usual. */
export const fillingInWords = (imputer: string): string => {
  if (imputer === "mask-token" || imputer === "pad-token")
    return `In the place of a word stands the ${imputer === "mask-token" ? "mask token" : "padding"} of the tokenizer.`;
  if (imputer.startsWith("constant:")) return "In the place of a value stands the usual one of its column.";
  return "In the place of what goes stands zero, as the model counts.";
};

/** Of its start, or of 1 where it is a probability: a score that moves less says nothing. */
const STILL = 0.05;

/** Of the areas between the curves, what a person can take from them. */
export const verdictOf = ({
  scores: { srg, mrg, lrg },
  curves,
  probable,
}: {
  readonly scores: { readonly srg: number; readonly mrg: number; readonly lrg: number };
  readonly curves: { readonly mif: readonly number[]; readonly lif: readonly number[]; readonly random: readonly number[] };
  readonly probable: boolean;
}): string => {
  const start = curves.mif[0]!;
  const most = Object.values(curves)
    .flat()
    .reduce((far, score) => Math.max(far, Math.abs(score - start)), 0);
  if (most < STILL * (probable ? 1 : Math.abs(start)))
    return `It cannot be told: the score hardly moves, whatever goes. Another thing in the place of what goes, or another target, may tell more. Symmetric relevance gain ${srg.toFixed(3)}.`;
  const found = [
    mrg > 0
      ? "without what the map marks the score falls faster than at random"
      : "what the map marks matters no more than anything else",
    lrg > 0 ? "without the rest it holds longer" : "the rest matters as much",
  ].join("; ");
  const says = mrg > 0 && lrg > 0 ? "The map holds" : srg > 0 ? "The map holds in part" : "The map does not hold";
  return `${says}: ${found}. Symmetric relevance gain ${srg.toFixed(3)} (most relevant first ${mrg.toFixed(3)}, least relevant first ${lrg.toFixed(3)}; 0 is chance).`;
};

/** `wasm:4`, `webgpu:1`. */
export const engineName = (choice: string): string => {
  const [device, threads] = choice.split(":");
  if (device === "webgpu") return "graphics processor (WebGPU)";
  return threads === "1" ? "WebAssembly, one thread" : `WebAssembly, ${threads} threads`;
};

export const groupName = (group: number, size: number): string => `group ${group}, ${size}`;

export const chosenOf = (chosen: number, all: number): string => `${chosen} of ${all} are chosen.`;

export const tooFew = (few: readonly string[], least: number): string =>
  `Left out, with fewer than ${least} samples: ${few.join(", ")}.`;

export const keptModels = (size: string): string => `The browser keeps ${size} of models for the next visit.`;

export const arrivedIn = ({
  arrived,
  of,
  seed,
}: {
  readonly arrived: number;
  readonly of: number;
  readonly seed: number;
}): string =>
  of === 0
    ? "The method keeps no accounts of relevance."
    : `Of ${seed.toPrecision(4)} put in at the output, ${percent(arrived / of)} reached the input; blocks kept or added the rest.`;

/** Of one block; `share`: of what was put in. */
export const keptIn = ({ in: given, out }: { readonly in?: number; readonly out?: number }, share: number): string =>
  given === undefined || out === undefined
    ? "no account"
    : `${given.toPrecision(4)} came, ${out.toPrecision(4)} went on (${share < 0 ? "added" : "lost"}: ${percent(Math.abs(share))} of all)`;

export const forgotten = (share: number, spearman: number): string =>
  share === 0 ? "the model as it is" : `${percent(share)} of the layers random: ρ ${spearman.toFixed(2)}`;

/** Of rank correlations with the own map, layer after layer. */
export const learntVerdict = (correlations: readonly number[]): string => {
  const last = correlations.at(-1) ?? Number.NaN;
  const mean = correlations.reduce((sum, one) => sum + one, 0) / correlations.length;
  const says = Math.abs(last) < 0.3 ? "The map depends on what was learnt" : "The map partly stays without what was learnt";
  return `${says}: ρ is ${mean.toFixed(2)} on average, ${last.toFixed(2)} when all layers are random (1 would be the same map).`;
};

export const inputLabel = (input: { readonly name: string } | { readonly text: string }): string =>
  "name" in input ? input.name : input.text;

/** Of a map that another engine computed; `most`: what is taken for the same. */
export const comparedWords = (difference: number, most: number): string =>
  difference <= most
    ? `WebAssembly computes the same map (they differ by ${difference.toExponential(0)} of the largest relevance).`
    : `WebAssembly computes another map: they differ by ${difference.toExponential(1)} of the largest relevance. Trust WebAssembly's.`;

/** Of an input, what of its decision goes through one channel. */
export const throughChannel = (name: string, share: number): string =>
  `${name}: ${share < 0 ? "−" : ""}${(100 * Math.abs(share)).toPrecision(2)} % of the relevance here`;
/** The heading of the inputs of a channel. */
export const channelTitle = (channel: number, count: number): string =>
  count === 1 ? `Through channel ${channel} alone` : `Through channel ${channel} alone: the input that rests on it most first`;
