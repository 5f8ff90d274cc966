import { DataType, type InputDims, type ModelProto, type ValueInfoProto } from "@backlit/core";

const FLOATS: readonly number[] = [DataType.FLOAT, DataType.FLOAT16, DataType.DOUBLE];

/** Inputs that a user feeds: no initializers. */
export const modelInputs = ({ graph }: ModelProto): readonly ValueInfoProto[] => {
  const initializers = new Set(graph.initializer.map(({ name }) => name));
  return graph.input.filter(({ name }) => !initializers.has(name));
};

/** An input's sizes; names and nothing are free. */
export const dimsOf = (input: ValueInfoProto): InputDims =>
  (input.type?.tensorType?.shape ?? []).map(({ value, param }) => (value !== undefined && value > 0 ? value : param));

/** `[N, 3, 224, 224]`, for messages. */
export const shapeOf = (input: ValueInfoProto): string =>
  `[${dimsOf(input)
    .map((d) => d ?? "?")
    .join(", ")}]`;

/** Whether an input takes bytes, as decoders give them. */
export const takesBytes = (input: ValueInfoProto): boolean => input.type?.tensorType?.elemType === DataType.UINT8;

/** The first input that can take a picture: floats or bytes, four axes, one or three channels. */
export const pictureInput = (model: ModelProto): ValueInfoProto | undefined =>
  modelInputs(model).find((input) => {
    const [, a, b, c] = dimsOf(input);
    const rank = input.type?.tensorType?.shape?.length;
    return (
      (takesBytes(input) || FLOATS.includes(input.type?.tensorType?.elemType ?? 0)) &&
      rank === 4 &&
      [a, b && c].some((n) => n === 1 || n === 3)
    );
  });

const MISSING = new Set(["Imputer", "IsNaN", "TreeEnsembleClassifier", "TreeEnsembleRegressor", "TreeEnsemble"]);

/** Whether something in the model knows what to do with a value that is missing. */
export const knowsMissing = ({ graph }: ModelProto): boolean => graph.node.some(({ opType }) => MISSING.has(opType));

/** Whether rows may be cut and joined: the first axis of every input is free. */
export const hasFreeBatch = (model: ModelProto): boolean =>
  modelInputs(model).every((input) => (input.type?.tensorType?.shape?.length ?? 0) > 0 && typeof dimsOf(input)[0] !== "number");
