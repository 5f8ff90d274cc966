/** Numbers of all samples together. */
import { type MeasuredCurve, trapezoid } from "@backlit/core";
import type { Json } from "./case.ts";
import { unsupported } from "./setting.ts";

interface Curves {
  measuredCurve(name: string): Promise<MeasuredCurve>;
}

/** Errors: Unsupported, for a name that is none of the format's. */
export const datasetScalar = async (name: string, of: Curves, { fractions, n: sizes }: Json): Promise<number> => {
  const [, area] = /^auc_of_mean_curve_(\w+)$/.exec(name) ?? [];
  if (area !== undefined) return areaOfMean(await of.measuredCurve(area));
  const [, score] = /^srg_of_mean_curves_(\w+)$/.exec(name) ?? [];
  if (score !== undefined) return (await areaOf(of, `lif_${score}`)) - (await areaOf(of, `mif_${score}`));
  const [, order, percent] = /^accuracy_(\w+)_at_(\d+(?:\.\d+)?)$/.exec(name) ?? [];
  if (order !== undefined) {
    const { values } = await of.measuredCurve(`${order}_correct`);
    return meanAt(
      values,
      placeOf(fractions, (share) => Math.abs(Number(share) - Number(percent) / 100) < 1e-9, name),
    );
  }
  const [, size] = /^mean_over_images_n(\d+)$/.exec(name) ?? [];
  if (size !== undefined) {
    const { values } = await of.measuredCurve("correlation");
    return meanAt(
      values,
      placeOf(sizes, (own) => own === Number(size), name),
    );
  }
  throw unsupported(`dataset scalar '${name}'`);
};

const areaOf = async (of: Curves, name: string): Promise<number> => areaOfMean(await of.measuredCurve(name));

/** The area under the mean curve over the mean places. */
const areaOfMean = ({ at, values }: MeasuredCurve): number => trapezoid(meanOf(values), meanOf(at));

const meanOf = (rows: readonly Float64Array[]): Float64Array =>
  Float64Array.from(rows[0]!, (_, k) => rows.reduce((sum, row) => sum + row[k]!, 0) / rows.length);

/** Over the samples where it is defined. */
const meanAt = (values: readonly Float64Array[], place: number): number => {
  const defined = values.map((row) => row[place]!).filter((value) => !Number.isNaN(value));
  return defined.reduce((a, b) => a + b, 0) / defined.length;
};

const placeOf = (list: unknown, is: (item: unknown) => boolean, name: string): number => {
  const place = Array.isArray(list) ? list.findIndex(is) : -1;
  if (place < 0) throw unsupported(`dataset scalar '${name}'`);
  return place;
};
