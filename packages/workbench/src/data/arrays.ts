/** Arrays of samples (.npz, .npy, a folder of .npy): inputs, labels, masks. Arrays of bytes are pictures where the model takes some. */
import {
  fail,
  type InputDims,
  type NpzLimits,
  type Plane,
  pixelBox,
  preprocess,
  type Tensor,
  toFloat32,
  type ValueInfoProto,
} from "@backlit/core";
import { baseName, folderOf, inside, stem } from "../host/files.ts";
import { hashing } from "../host/hash.ts";
import { fitted, isVolumeOfBytes } from "../kinds/array/fitted.ts";
import { arraysFor, LABELS, MASKS, pick, SAMPLES } from "../kinds/array/names.ts";
import { pixelArray } from "../kinds/array/pixels.ts";
import type { Source } from "../kinds/kind.ts";
import { loadInput } from "../kinds/load-input.ts";
import { preprocessorOf } from "../kinds/picture/preprocessor.ts";
import { dimsOf, modelInputs, pictureInput } from "../models/inputs.ts";
import type { Bundle } from "../models/open.ts";
import { rowOf } from "../samples/feeds.ts";
import type { DataItem, DataSet, LoadedItem } from "./item.ts";

/** Arrays by name from an .npz, an .npy (with labels.npy and masks.npy beside it), or the .npy files of a folder. Throws NotFound, BadInput. */
export const readArrays = async (source: Source, path: string, npz?: NpzLimits): Promise<ReadonlyMap<string, Tensor>> => {
  if ((await source.files.info(path))?.kind === "folder")
    return folderArrays(source, path, (name) => [...SAMPLES, ...LABELS, ...MASKS].includes(name));
  const loaded = await loadInput(source, path, npz && { npz });
  if (loaded.kind === "tensors") return loaded.tensors;
  if (loaded.kind !== "tensor") throw fail("BadInput", { what: "no arrays", where: path, fix: "give an .npz or .npy file" });
  const beside = await folderArrays(
    source,
    folderOf(path),
    (name) => [...LABELS, ...MASKS].includes(name) && `${name}.npy` !== baseName(path),
  );
  const count = loaded.tensor.dims[0];
  return new Map([["x", loaded.tensor], ...[...beside].filter(([, { dims }]) => dims[0] === count)]);
};

const folderArrays = async (
  source: Source,
  folder: string,
  wanted: (name: string) => boolean,
): Promise<ReadonlyMap<string, Tensor>> => {
  const found = new Map<string, Tensor>();
  for (const { name: file } of await source.files.list(folder)) {
    const name = stem(file);
    if (!file.endsWith(".npy") || !wanted(name)) continue;
    const loaded = await loadInput(source, inside(folder, file));
    if (loaded.kind === "tensor") found.set(name, loaded.tensor);
  }
  return found;
};

/** Throws BadInput for shapes that do not fit the model or each other. */
export const arrayData = async (arrays: ReadonlyMap<string, Tensor>, where: string, bundle: Bundle): Promise<DataSet> => {
  const [labels, masks] = [pick(arrays, LABELS), pick(arrays, MASKS)];
  const reader = readerOf(arrays, where, bundle);
  const { count } = reader;
  for (const [name, tensor] of [
    ["labels", labels],
    ["masks", masks],
  ] as const)
    if (tensor !== undefined && tensor.dims[0] !== count)
      throw fail("BadInput", {
        what: `${tensor.dims[0] ?? 0} ${name} for ${count} samples`,
        where,
        fix: "give one for each sample",
      });
  const written = labels === undefined ? undefined : labelsOf(labels, where);
  const planes = masks === undefined ? undefined : planesOf(masks, where);
  const hash = await hashing();
  for (const [name, { type, dims, data }] of arrays) hash.update(JSON.stringify([name, type, dims])).update(bytesOf(data));
  return {
    items: Array.from(
      { length: count },
      (_, n): DataItem => ({
        name: `sample ${n}`,
        ...(written && { label: written[n]! }),
        load: async () => ({ ...reader.read(n), ...(planes && { mask: planes(n) }) }),
      }),
    ),
    sha256: hash.hex(),
    even: !reader.single,
    ...(reader.preprocessor && { preprocessor: reader.preprocessor }),
    notices: reader.notices,
  };
};

interface Reader extends Pick<DataSet, "preprocessor" | "notices"> {
  readonly count: number;
  /** The model's first axis is none of samples: they are asked for one by one. */
  readonly single?: boolean;
  read(n: number): LoadedItem;
}

const readerOf = (arrays: ReadonlyMap<string, Tensor>, where: string, bundle: Bundle): Reader => {
  const inputs = modelInputs(bundle.model);
  const picture = pictureInput(bundle.model);
  const given = arraysFor(arrays, inputs, inputs[0]);
  const [only] = given;
  if (given.length === 1 && only![0] === picture && only![1].type === "uint8")
    return pixelReader(only![1], picture, where, bundle);
  if (given.length === 0)
    throw fail("BadInput", {
      what: "no samples",
      where,
      why: `it holds ${[...arrays.keys()].join(", ") || "nothing"}`,
      fix: `name the samples x, images, inputs, or as the model does (${inputs.map(({ name }) => name).join(", ")})`,
    });
  const count = given[0]![1].dims[0] ?? 0;
  const notices = new Set<string>();
  const bytes = new Set(given.flatMap(([input, tensor]) => (isVolumeOfBytes(bundle.model, tensor, input) ? [input] : [])));
  const read = (n: number): LoadedItem => {
    const feeds = given.map(([input, tensor]) => {
      const row = rowOf({ row: tensor }, n).row!;
      const box = input === picture ? pixelBox(preprocessorOf(bundle)!) : undefined;
      const context = { where, scale: bytes.has(input), ...(box && { box }) };
      return [input.name, fitted(placed(row, input), input, context, (text) => void notices.add(text))] as const;
    });
    return { feeds: Object.fromEntries(feeds) };
  };
  if (count === 0 || given.some(([, { dims }]) => dims[0] !== count))
    throw fail("BadInput", {
      what: "no samples, or not as many of each input",
      where,
      fix: "the first axis is that of the samples",
    });
  read(0);
  const { preprocessor } = bundle;
  const single = given.some(([input, tensor]) => {
    const row = rowOf({ row: tensor }, 0).row!;
    return placed(row, input) !== row;
  });
  return { count, read, single, notices: [...notices], ...(preprocessor && { preprocessor }) };
};

/** A sample where the model's first axis counts something else: steps in front of a free number of samples, or the members of a bag. */
const placed = (row: Tensor, input: ValueInfoProto): Tensor => {
  const wanted = dimsOf(input);
  const [, ...own] = row.dims;
  const fits = (sizes: InputDims, dims = own) =>
    sizes.length === dims.length && sizes.every((size, i) => typeof size !== "number" || size === dims[i]);
  if (fits(wanted, [...row.dims])) return row;
  if (fits(wanted)) return { ...row, dims: own };
  const free = wanted.flatMap((size, axis) => (typeof size === "number" ? [] : [axis]));
  const [batch] = free;
  if (free.length !== 1 || batch === 0 || !fits(wanted.filter((_, axis) => axis !== batch))) return row;
  return { ...row, dims: [...own.slice(0, batch), 1, ...own.slice(batch)] };
};

/** Prepared as pictures from files are. */
const pixelReader = (x: Tensor, input: ValueInfoProto, where: string, bundle: Bundle): Reader => {
  const preprocessor = preprocessorOf(bundle)!;
  const { count, picture } = pixelArray(x, where, true);
  const read = (n: number): LoadedItem => {
    const { tensor, geometry } = preprocess(picture(n), preprocessor);
    return { feeds: { [input.name]: tensor }, geometry };
  };
  return { count, read, preprocessor, notices: preprocessor.notices };
};

const labelsOf = ({ type, dims, data }: Tensor, where: string): readonly string[] => {
  const flat = dims.length === 1 || (dims.length === 2 && dims[1] === 1);
  const values = Array.from(data as ArrayLike<number | bigint | string>, (value) =>
    typeof value === "string" ? value : Number(value),
  );
  if (!flat || (type !== "string" && !values.every(Number.isInteger)))
    throw fail("BadInput", { what: `labels of ${type} ${dims.join("×")}`, where, fix: "give one whole number a sample" });
  return values.map(String);
};

/** Masks [N, H, W] or [N, 1, H, W]; of series [N, L], whatever the order of their axes. */
const planesOf = (masks: Tensor, where: string): ((n: number) => Plane) => {
  const { dims } = masks;
  const shape = dims.length === 4 && dims[1] === 1 ? dims.slice(2) : dims.slice(1);
  if (shape.length !== 1 && shape.length !== 2)
    throw fail("BadInput", { what: `masks of ${dims.join("×")}`, where, fix: "give N×height×width, of series N×length" });
  const [height, width] = (shape.length === 1 ? [1, ...shape] : shape) as [number, number];
  const size = width * height;
  const values = toFloat32(masks).data as Float32Array;
  return (n) => ({ width, height, values: values.subarray(n * size, (n + 1) * size) });
};

/** The memory of numbers; of texts a line each. */
const bytesOf = (data: Tensor["data"]): Uint8Array | string =>
  ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : JSON.stringify(data);
