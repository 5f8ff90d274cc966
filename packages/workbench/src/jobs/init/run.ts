/** The job `init`: the files that say of a model what its export lacks, to lie beside it. */
import { fail, type Preprocessor, type ReadingOptions, writePreprocessor } from "@backlit/core";
import { inside, textIn } from "../../host/files.ts";
import { preprocessorOf } from "../../kinds/picture/preprocessor.ts";
import type { Bundle } from "../../models/open.ts";
import type { OutputFile } from "../output.ts";
import { openRequested } from "../prepare.ts";
import type { JobContext, ModelRequest } from "../request.ts";

export interface InitRequest extends ModelRequest {
  /** The folder they are for, which gets the model's file too; else they lie beside the model. */
  readonly out?: string;
  /** Files that are there already may be replaced. */
  readonly force?: boolean;
}

export interface InitResult {
  readonly v: 1;
  readonly folder: string;
  /** The files by name, and what is in each, in words. */
  readonly written: Readonly<Record<string, string>>;
  readonly files: readonly OutputFile[];
}

/** Errors: those of opening a model; Usage where nothing is said, and for files that are there already; Unsupported (weights elsewhere). */
export const initJob = async (request: InitRequest, context: JobContext): Promise<InitResult> => {
  const { host } = context;
  const bundle = await openRequested(request, context);
  const folder = request.out ?? bundle.dir;
  const preprocessor = preprocessorOf(bundle);
  const config = configOf(bundle.reading);
  const parts: [name: string, words: string, content: unknown][] = [];
  if (preprocessor) parts.push(["preprocessor_config.json", pictureWords(preprocessor), writePreprocessor(preprocessor)]);
  if (bundle.labels) parts.push(["labels.json", `${bundle.labels.length} class names`, bundle.labels]);
  if (Object.keys(config).length > 0) {
    const before = await textIn(host.files, inside(folder, "config.json"));
    const merged = { ...(before === undefined ? {} : JSON.parse(before)), ...config };
    parts.push(["config.json", Object.keys(config).join(", "), merged]);
  }
  if (parts.length === 0)
    throw fail("Usage", {
      what: "nothing to write",
      why: "nothing is said of the model",
      fix: "give --labels, --layout, --output-kind, …",
    });
  const there: string[] = [];
  for (const [name] of parts) if ((await host.files.info(inside(folder, name))) !== undefined) there.push(name);
  if (there.length > 0 && !request.force)
    throw fail("Usage", { what: `${there.join(", ")} is there already`, where: folder, fix: "--force replaces it" });
  const files: OutputFile[] = parts.map(([name, , content]) => ({
    path: inside(folder, name),
    chunks: [new TextEncoder().encode(`${JSON.stringify(content, null, 2)}\n`)],
  }));
  if (request.out !== undefined) files.unshift(copyOf(bundle, request.out));
  return { v: 1, folder, written: Object.fromEntries(parts.map(([name, words]) => [name, words])), files };
};

const copyOf = ({ bytes, weights, path }: Bundle, folder: string): OutputFile => {
  if (weights.size === 0) return { path: inside(folder, "model.onnx"), chunks: [bytes] };
  throw fail("Unsupported", {
    what: "the model cannot be copied",
    where: path,
    why: "its weights lie in other files",
    fix: "leave --out away: the files are written beside the model",
  });
};

const configOf = ({ layout, batchAxis, channelAxis, mean, outputKind, classAxis, ...others }: ReadingOptions = {}) => {
  const own = {
    ...(layout !== undefined && { layout }),
    ...(batchAxis !== undefined && { batch_axis: batchAxis }),
    ...(channelAxis !== undefined && { channel_axis: channelAxis }),
    ...(mean !== undefined && { mean }),
    ...(others.anchors !== undefined && { anchors: others.anchors }),
    ...(others.boxDecoder !== undefined && { box_decoder: others.boxDecoder }),
    ...(others.detections !== undefined && { detections: others.detections }),
  };
  return {
    ...(Object.keys(own).length > 0 && { backlit: own }),
    ...(outputKind !== undefined && { output_kind: outputKind }),
    ...(classAxis !== undefined && { class_axis: classAxis }),
  };
};

/** "256 at the shorter edge, centre 224x224, 0..1, mean 0.5, std 0.5; guessed: …" */
const pictureWords = ({ resize, crop, scale, offset, mean, std, order, notices }: Preprocessor): string =>
  [
    resize && (resize.to === "size" ? `${resize.width}x${resize.height}` : `${resize.edge} at the shorter edge`),
    crop && `centre ${crop.width}x${crop.height}`,
    offset !== 0 ? "-1..1" : scale === 1 ? "0..255" : "0..1",
    `mean ${mean.join(",")}`,
    `std ${std.join(",")}`,
    order === "bgr" && "bgr",
    ...notices,
  ]
    .filter(Boolean)
    .join(", ");
