/** Models of scikit-learn (skl2onnx, domain ai.onnx.ml). Trees, text and lookups stay: nothing flows through them. */
import { type Expansion, expanding, type Pass } from "../pass.ts";
import { ArrayFeatureExtractor, Binarizer, FeatureVectorizer, Imputer, Normalizer, OneHotEncoder, Scaler } from "./features.ts";
import { LinearClassifier, LinearRegressor } from "./linear.ts";
import { SVMClassifier, SVMRegressor } from "./svm.ts";

const why =
  (reason: string): Expansion =>
  () =>
    reason;
const jumps = why(
  "its result stays the same under small changes of the input (against rows of the data, --references FILE, or their mean, --mean, differences go through it)",
);
const lookup = why("it looks up one value for another");

const named = {
  ArrayFeatureExtractor,
  Binarizer,
  FeatureVectorizer,
  Imputer,
  LinearClassifier,
  LinearRegressor,
  Normalizer,
  OneHotEncoder,
  Scaler,
  SVMClassifier,
  SVMRegressor,
  CategoryMapper: lookup,
  LabelEncoder: lookup,
  TreeEnsemble: jumps,
  TreeEnsembleClassifier: jumps,
  TreeEnsembleRegressor: jumps,
};

export const ml: Pass = expanding(
  "ml",
  "written in plain operators",
  Object.fromEntries(Object.entries(named).map(([name, expansion]) => [`ai.onnx.ml.${name}`, expansion])),
);

export { decisions } from "./decisions.ts";
export { trees } from "./trees.ts";
export { wholeNumbers } from "./whole-numbers.ts";
