/** How a model's pictures are prepared: as its files say, as the user says, or as its kind usually wants. */
import { fail, guessPreprocessor, ownRange, type Preprocessor, type SaidPreprocessing, sayPreprocessing } from "@backlit/core";
import { dimsOf, modelInputs, pictureInput, shapeOf, takesBytes } from "../../models/inputs.ts";
import type { Bundle } from "../../models/open.ts";

/** How the model's pictures are prepared: as its files say, else as its kind usually wants; undefined where it takes none. */
export const preprocessorOf = ({
  model,
  preprocessor,
  reading,
}: Pick<Bundle, "model" | "preprocessor" | "reading">): Preprocessor | undefined => {
  const picture = pictureInput(model);
  return (
    preprocessor ??
    (picture &&
      guessPreprocessor(dimsOf(picture), {
        layout: reading?.layout,
        own: ownRange(model, picture.name),
        bytes: takesBytes(picture),
      }))
  );
};

/**
 * The model with what is said of its pictures, over its files. A mean said of the reading is that of the channels where the model takes
 * pictures. Errors: BadInput for a model that takes none, and for sizes and numbers that do not fit it.
 */
export const withPreprocessing = (bundle: Bundle, said: SaidPreprocessing = {}): Bundle => {
  const picture = pictureInput(bundle.model);
  const layout = said.layout ?? bundle.reading?.layout;
  if (picture !== undefined && Object.keys(said).length > 0) {
    const preprocessor = sayPreprocessing({ ...said, ...(layout !== undefined && { layout }) }, dimsOf(picture), {
      known: bundle.preprocessor,
      own: ownRange(bundle.model, picture.name),
      bytes: takesBytes(picture),
    });
    return { ...bundle, preprocessor };
  }
  if (Object.keys(said).length === 0) return bundle;
  throw fail("BadInput", {
    what: `the model takes no pictures, so ${Object.keys(said)
      .map((option) => `--${option}`)
      .join(", ")} has no meaning`,
    why: `its input is ${modelInputs(bundle.model).map(shapeOf).join(", ")}`,
    fix: "leave it out",
  });
};
