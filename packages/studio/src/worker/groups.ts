/** Maps of many inputs, class by class, grouped by what they look at (SpRAy, Lapuschkin et al. 2019). */
import { fail, heatmapFeatures, spray } from "@backlit/core";
import { cells, type Plane, type Raster, scaleRaster } from "@backlit/core/render";
import { titleOf, whysOf } from "@backlit/workbench";
import { type GroupedClass, type GroupedSample, type Groups, LEAST } from "../shown/groups.ts";
import { optionsOf } from "./asked.ts";
import type { GroupsAsk } from "./messages.ts";
import { hostOf, inputOf, openedModel } from "./opened.ts";

/** Maps are compared in blocks, at most so many a side. */
const BLOCKS = 16;
/** What the page keeps of each: at most so many pixels a side. */
const SIDE = 64;

interface Mapped {
  readonly sample: GroupedSample;
  readonly row: Float64Array;
  readonly title: string;
  readonly target: number | string;
  readonly label: string | undefined;
}

/** Each input for its own class, unless one is asked for. Errors: those of explaining; Unsupported where maps are no pictures. */
export const groups = async (asked: GroupsAsk, progress: (text: string) => void): Promise<Groups> => {
  const { lit, files } = await openedModel(asked.model, progress);
  const options = optionsOf(lit, asked);
  const mapped: Mapped[] = [];
  for (const [n, input] of asked.inputs.entries()) {
    progress(`input ${n + 1} of ${asked.inputs.length}`);
    const { result, notices } = await lit.results([inputOf(input)], options);
    const whys = whysOf(result, notices, hostOf(files));
    for (const [row, why] of whys.entries()) {
      const drawn = why.view().data?.();
      if (drawn?.kind !== "picture")
        throw fail("Unsupported", {
          what: "groups of maps",
          why: "what is explained is no picture",
          fix: "backlit cluster groups others, too",
        });
      const { plane, seen } = drawn;
      const name = "text" in input ? input.text : whys.length > 1 ? `${input.name} ${row}` : input.name;
      const { index, label } = why.target;
      mapped.push({
        sample: { name, drawn: { kind: "picture", plane: smaller(plane), ...(seen && { seen: smallerPicture(seen, plane) }) } },
        row: blocksOf(plane),
        ...{ title: titleOf(why.target), target: index, label },
      });
    }
  }
  progress("grouping");
  const keys = [...new Set(mapped.map(({ target }) => String(target)))];
  const own = (key: string) => mapped.flatMap((one, i) => (String(one.target) === key ? [i] : []));
  const classes = keys.filter((key) => own(key).length >= LEAST).map((key) => grouped(mapped, own(key)));
  const few = keys.filter((key) => own(key).length < LEAST).map((key) => mapped[own(key)[0]!]!.title);
  return { samples: mapped.map(({ sample }) => sample), classes, few };
};

const grouped = (mapped: readonly Mapped[], samples: readonly number[]): GroupedClass => {
  const { title, target, label, row } = mapped[samples[0]!]!;
  if (samples.some((i) => mapped[i]!.row.length !== row.length))
    throw fail("BadInput", { what: "maps of several sizes", fix: "give pictures that the model sees in one size" });
  const maps = {
    type: "float32" as const,
    dims: [samples.length, 1, 1, row.length],
    data: Float32Array.from(samples.flatMap((i) => Array.from(mapped[i]!.row))),
  };
  const { labels, places, clusters } = spray(maps);
  return { ...{ title, target, samples, labels, places, count: clusters.length }, ...(label !== undefined && { label }) };
};

const blocksOf = ({ width, height, values }: Plane): Float64Array => {
  const map = { type: "float32" as const, dims: [1, 1, height, width], data: values };
  return heatmapFeatures(map, { pool: Math.max(1, Math.ceil(Math.max(width, height) / BLOCKS)), normalise: "none" })[0]!;
};

const stepOf = ({ width, height }: Plane): number => Math.max(1, Math.ceil(Math.max(width, height) / SIDE));
const smaller = (plane: Plane): Plane => cells(plane, stepOf(plane));
const smallerPicture = (seen: Raster, plane: Plane): Raster => {
  const { width, height } = smaller(plane);
  return scaleRaster(seen, width, height, "smooth");
};
