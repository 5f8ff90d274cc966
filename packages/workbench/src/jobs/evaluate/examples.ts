/** Pictures for the report: some samples, each method's map over them, and the film of the sample as its most relevant parts go. */
import {
  checkedSettings,
  depreprocess,
  type EvaluationExample,
  type EvaluationTask,
  type ExampleMethod,
  type Explainer,
  type FloatTensor,
  filmsOf,
  fromPixels,
  type MethodChoice,
  overlay,
  type Preprocessor,
  planeOf,
  type Raster,
  rangeOf,
  type SettingChoice,
} from "@backlit/core";
import type { Pictures } from "../../host/host.ts";
import { atMost, dataUri } from "../../views/data-uri.ts";

const SAMPLES = 3;
const SHARES = [0, 0.02, 0.05, 0.1, 0.2, 0.4];
/** Longest side of a picture in the film, and of the sample; small inputs stay as they are and are enlarged by the page. */
const [FRAME, SIDE] = [112, 224];

interface Shown {
  readonly preprocessor: Preprocessor | undefined;
  readonly pictures: Pictures;
}

/** None for what are no pictures, or where no metric removes anything. */
export const examplesOf = async (
  lit: Explainer,
  task: EvaluationTask,
  { preprocessor, pictures }: Shown,
): Promise<readonly EvaluationExample[]> => {
  const setting = checkedSettings(task.settings as readonly SettingChoice[]).find(
    ({ params }) => params.unit !== undefined && params.imputer !== undefined,
  );
  if (preprocessor === undefined || setting === undefined) return [];
  const methods: readonly MethodChoice[] = [...task.methods, { name: "random", draw: 0 }];
  const films = await filmsOf(lit, task, methods, { count: SAMPLES, setting, shares: SHARES });
  if (films.some(({ x }) => x.dims.length !== 4)) return [];
  const uri = (raster: Raster) => dataUri(pictures, raster);
  const seen = (x: FloatTensor): Raster => fromPixels(depreprocess(x, preprocessor));
  return Promise.all(
    films.map(async ({ name, x, films: own }): Promise<EvaluationExample> => {
      const picture = atMost(seen(x), SIDE);
      const methods = own.map(async ({ method, relevance, frames }): Promise<ExampleMethod> => {
        const plane = planeOf({ ...relevance, dims: relevance.dims.slice(1) });
        const steps = frames.map(async (frame) => ({
          share: frame.share,
          picture: await uri(atMost(seen(frame.x), FRAME)),
          score: frame.score,
        }));
        return { name: method, heatmap: await uri(overlay(picture, plane, rangeOf(plane))), steps: await Promise.all(steps) };
      });
      return { name, picture: await uri(picture), methods: await Promise.all(methods) };
    }),
  );
};
