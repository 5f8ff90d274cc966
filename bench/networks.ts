/** What is measured: large networks with random weights, and a trained one. All take [N, 3, 224, 224]. */
import { readFile } from "node:fs/promises";
import { decodeModel, type ModelProto, type Tensor } from "@backlit/core";
import { Random } from "./models/random.ts";
import { resnet50 } from "./models/resnet50.ts";
import { vgg16 } from "./models/vgg16.ts";
import { vit } from "./models/vit.ts";

/** From the built bundle back to the repository. */
const efficientnet = new URL("../../../models/efficientnet-lite0/model.onnx", import.meta.url);

export const networks = {
  vgg16: async (): Promise<ModelProto> => vgg16(),
  resnet50: async (): Promise<ModelProto> => resnet50(),
  "resnet50-bn": async (): Promise<ModelProto> => resnet50({ batchnorm: true }),
  vit: async (): Promise<ModelProto> => vit(),
  "vit-decomposed": async (): Promise<ModelProto> => vit({ decomposed: true }),
  "efficientnet-lite0": async (): Promise<ModelProto> => decodeModel(await readFile(efficientnet), efficientnet.pathname),
} as const;

export type NetworkName = keyof typeof networks;

export const hasAttention = (name: NetworkName): boolean => name.startsWith("vit");

/** Numbers as preprocessed pixels have them, by the name of the model's input. */
export const picture = (model: ModelProto, batch = 1): Record<string, Tensor> => ({
  [model.graph.input[0]!.name]: {
    type: "float32",
    dims: [batch, 3, 224, 224],
    data: new Random(1).uniform(batch * 3 * 224 * 224, 2),
  },
});
