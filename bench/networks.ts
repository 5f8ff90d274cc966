/** What is measured: architectures with random weights, and a trained one. */
import { readFile } from "node:fs/promises";
import { DataType, decodeModel, type ModelProto, type Tensor } from "@backlit/core";
import { bert } from "./models/bert.ts";
import { cnn1d } from "./models/cnn-1d.ts";
import { convNextT } from "./models/convnext-t.ts";
import { decoder } from "./models/decoder.ts";
import { denseNet121 } from "./models/densenet121.ts";
import { efficientNetB0 } from "./models/efficientnet-b0.ts";
import { googleNet } from "./models/googlenet.ts";
import { lstm } from "./models/lstm.ts";
import { mobileNetV2 } from "./models/mobilenet-v2.ts";
import { Random } from "./models/random.ts";
import { resnet50 } from "./models/resnet50.ts";
import { squeezeNet } from "./models/squeezenet.ts";
import { swinT } from "./models/swin-t.ts";
import { vgg16 } from "./models/vgg16.ts";
import { vit } from "./models/vit.ts";

/** From the built bundle back to the repository. */
const efficientnet = new URL("../../../models/efficientnet-lite0/model.onnx", import.meta.url);

export const networks = {
  vgg16: async (): Promise<ModelProto> => vgg16(),
  resnet50: async (): Promise<ModelProto> => resnet50(),
  "resnet50-bn": async (): Promise<ModelProto> => resnet50({ batchnorm: true }),
  "mobilenet-v2": async (): Promise<ModelProto> => mobileNetV2(),
  "efficientnet-b0": async (): Promise<ModelProto> => efficientNetB0(),
  "efficientnet-lite0": async (): Promise<ModelProto> => decodeModel(await readFile(efficientnet), efficientnet.pathname),
  "convnext-t": async (): Promise<ModelProto> => convNextT(),
  googlenet: async (): Promise<ModelProto> => googleNet(),
  squeezenet: async (): Promise<ModelProto> => squeezeNet(),
  densenet121: async (): Promise<ModelProto> => denseNet121(),
  vit: async (): Promise<ModelProto> => vit(),
  "vit-decomposed": async (): Promise<ModelProto> => vit({ decomposed: true }),
  "swin-t": async (): Promise<ModelProto> => swinT(),
  bert: async (): Promise<ModelProto> => bert(),
  decoder: async (): Promise<ModelProto> => decoder(),
  "cnn-1d": async (): Promise<ModelProto> => cnn1d(),
  lstm: async (): Promise<ModelProto> => lstm(),
} as const;

export type NetworkName = keyof typeof networks;

const ATTENTION: readonly NetworkName[] = ["vit", "vit-decomposed", "swin-t", "bert", "decoder"];
export const hasAttention = (name: NetworkName): boolean => ATTENTION.includes(name);

export interface Input {
  readonly name: string;
  readonly dims: readonly number[];
  readonly integer: boolean;
}

/** Of so many samples. */
export const inputsOf = ({ graph }: Pick<ModelProto, "graph">, batch = 1): readonly Input[] =>
  graph.input.map(({ name, type }) => ({
    name,
    dims: type?.tensorType?.shape?.map(({ value }) => Number(value ?? batch)) ?? [],
    integer: type?.tensorType?.elemType === DataType.INT64,
  }));

/** Numbers as preprocessed pixels have them, or token ids with a mask of ones, by the names of the inputs. */
export const filled = (inputs: readonly Input[]): Record<string, Tensor> =>
  Object.fromEntries(
    inputs.map(({ name, dims, integer }) => {
      const length = dims.reduce((a, b) => a * b, 1);
      if (!integer) return [name, { type: "float32", dims, data: new Random(1).uniform(length, 2) }];
      const id = (i: number) => BigInt(name.includes("mask") ? 1 : (i * 37) % 9973);
      return [name, { type: "int64", dims, data: BigInt64Array.from({ length }, (_, i) => id(i)) }];
    }),
  );

export const sample = (model: Pick<ModelProto, "graph">, batch = 1) => filled(inputsOf(model, batch));
