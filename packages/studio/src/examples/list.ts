/** The examples the page comes with, and the files they are made of. */

export interface Example {
  readonly id: string;
  readonly name: string;
  readonly model: string;
  /** A file below `examples/`, or a text. */
  readonly input: { readonly file: string } | { readonly text: string };
}

export const examples: readonly Example[] = [
  { id: "cat", name: "Cat", model: "efficientnet-lite0", input: { file: "photos/cat.jpg" } },
  { id: "cat-coffee", name: "Cat over coffee", model: "efficientnet-lite0", input: { file: "photos/collage-cat-coffee.jpg" } },
  { id: "squirrel", name: "Squirrel", model: "efficientnet-lite0", input: { file: "photos/squirrel.jpg" } },
  { id: "digit-3", name: "Digit 3", model: "digits", input: { file: "digit-pictures/3.png" } },
  { id: "digit-5", name: "Digit 5", model: "digits", input: { file: "digit-pictures/5.png" } },
  { id: "digit-8", name: "Digit 8", model: "digits", input: { file: "digit-pictures/8.png" } },
  {
    id: "sentence",
    name: "Sentence",
    model: "text-sentiment",
    input: { text: "The acting is superb, but the story is a tired mess." },
  },
  { id: "boxes", name: "Boxes", model: "shapes-detector", input: { file: "shapes/two.png" } },
  { id: "regions", name: "Regions", model: "shapes-segmenter", input: { file: "shapes/two.png" } },
  { id: "next-word", name: "Next word", model: "grammar-lm", input: { text: "the cat that the dogs see" } },
  { id: "names", name: "Names", model: "names-tagger", input: { text: "jordan travels from paris to jordan" } },
  { id: "wines", name: "Wines", model: "wine-trees", input: { file: "wine/wine.csv" } },
];

/** Files of the models, below `examples/models/NAME/`. */
export const modelFiles: Readonly<Record<string, readonly string[]>> = {
  "efficientnet-lite0": ["model.onnx", "config.json", "labels.json", "preprocessor_config.json"],
  digits: ["model.onnx", "config.json", "preprocessor_config.json"],
  "text-sentiment": ["model.onnx", "config.json", "tokenizer.json", "tokenizer_config.json"],
  "shapes-detector": ["model.onnx", "config.json", "preprocessor_config.json"],
  "shapes-segmenter": ["model.onnx", "config.json", "preprocessor_config.json"],
  "grammar-lm": ["model.onnx", "config.json", "tokenizer.json", "tokenizer_config.json"],
  "names-tagger": ["model.onnx", "config.json", "tokenizer.json", "tokenizer_config.json"],
  "wine-trees": ["model.onnx", "config.json"],
};

/** Undefined where none is called so. */
export const exampleNamed = (id: string): Example | undefined => examples.find((example) => example.id === id);
