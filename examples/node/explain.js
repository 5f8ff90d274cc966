/** Explains a photograph with a bundled model: node examples/node/explain.js [PICTURE [FOLDER]] */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  depreprocess,
  encodePng,
  fromPixels,
  heatmap,
  load,
  openModel,
  overlay,
  planeOf,
  preprocess,
  rangeOf,
  readPicture,
} from "backlit";

const [picture = fileURLToPath(new URL("../../data/photos/cat.jpg", import.meta.url)), folder = "out"] = process.argv.slice(2);

// The bundle knows how pictures are prepared for the model, and the names of its classes.
const bundle = await openModel("efficientnet-lite0");
const { tensor } = preprocess(await readPicture(picture), bundle.preprocessor);

const lit = await load(bundle);
const { relevance, target, ledger } = await lit.explain(tensor, { target: "tiger cat", ledger: true });

// Of the one picture of the batch a number a pixel: the sum over its channels. The colours go from −limit to limit.
const plane = planeOf({ ...relevance, dims: relevance.dims.slice(1) });
const range = rangeOf(plane);
await mkdir(folder, { recursive: true });
await writeFile(join(folder, "relevance.png"), encodePng(heatmap(plane, range)));
await writeFile(
  join(folder, "overlay.png"),
  encodePng(overlay(fromPixels(depreprocess(tensor, bundle.preprocessor)), plane, range)),
);

const [[index]] = target;
const [{ seed, arrived }] = ledger;
console.log(
  `${bundle.labels[index]}: ${arrived.toPrecision(4)} of ${seed.toPrecision(4)} reached the pixels; ${folder}/overlay.png`,
);
await lit.release();
