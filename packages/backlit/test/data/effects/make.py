"""Writes the models of this folder, rows.csv and regression.csv, and expected.json: partial dependence and permutation importance as
scikit-learn computes them, accumulated local effects as PyALE does. Needs scikit-learn, skl2onnx, pandas, PyALE."""
import json
import numpy as np
import pandas as pd
from PyALE._src.ALE_1D import aleplot_1D_continuous, aleplot_1D_discrete
from PyALE._src.lib import order_groups
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import make_column_transformer
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

random = np.random.default_rng(7)
N = 120  # a multiple of the intervals: PyALE takes the quantiles of one row less, which are the same there
age = np.round(random.uniform(18, 80, N), 1)
income = np.round(np.exp(random.normal(3, 0.7, N)) + age / 4, 2)  # goes with age
hours = random.integers(1, 6, N).astype(float)  # few values
colour = np.array(["red", "blue", "green", "grey"])[(age / 25 + random.normal(0, 0.8, N)).clip(0, 3.4).astype(int)]
x = pd.DataFrame({"age": age, "income": income, "hours": hours, "colour": colour})
score = np.sin(age / 12) * 2 + np.log(income) - 3 + (colour == "red") * 1.5 - hours / 4
y = np.digitize(score + random.normal(0, 0.4, N), [-0.8, 0.6])

numbers = ["age", "income", "hours"]
classifier = make_pipeline(
    make_column_transformer((StandardScaler(), numbers), (OneHotEncoder(sparse_output=False), ["colour"])),
    MLPClassifier((8,), activation="tanh", max_iter=1500, random_state=1)).fit(x, y)
types = [(name, FloatTensorType([None, 1])) for name in numbers] + [("colour", StringTensorType([None, 1]))]
options = {MLPClassifier: {"zipmap": False}}
save = lambda name, model, types, **more: open(f"{name}.onnx", "wb").write(
    convert_sklearn(model, initial_types=types, target_opset=17, **more).SerializeToString())
save("classes", classifier, types, options={id(classifier): {"zipmap": False}})
pd.concat([x, pd.Series(y, name="label")], axis=1).to_csv("rows.csv", index=False)

z = x[numbers].to_numpy()
target = np.round(score + z[:, 0] * z[:, 1] / 900, 4)
regression = make_pipeline(StandardScaler(), MLPRegressor(hidden_layer_sizes=(8,), activation="tanh", max_iter=1500, random_state=1)).fit(z, target)
save("number", regression, [("x", FloatTensorType([None, 3]))])
pd.concat([x[numbers], pd.Series(target, name="target")], axis=1).to_csv("regression.csv", index=False)


def dependence(model, data, feature, **more):
    found = partial_dependence(model, data, [feature], kind="both", grid_resolution=20, **more)
    return {"points": found["grid_values"][0].tolist(), "mean": found["average"].tolist(),
            "line": found["individual"][:, 60, :].tolist()}


class Output:
    """One output as a number, which PyALE takes; colours by their places in `levels`."""

    def __init__(self, k, levels=None):
        self.k, self.levels = k, levels

    def predict(self, data):
        if self.levels is not None:
            data = data.assign(colour=[self.levels[int(code)] for code in data["colour"]])
        return classifier.predict_proba(data)[:, self.k]


def effects(feature):
    found = [aleplot_1D_continuous(x, Output(k), feature, grid_size=20, include_CI=False)
             for k in range(3)]
    return {"points": found[0].index.tolist(), "effect": [one["eff"].tolist() for one in found], "counts": found[0]["size"].tolist()}


levels = list(order_groups(x, "colour").sort_values().index)
coded = x.assign(colour=[levels.index(one) for one in colour])
by_level = [aleplot_1D_discrete(coded, Output(k, levels), "colour", include_CI=False) for k in range(3)]


def importance(model, data, right, scoring, count=4):
    found = permutation_importance(model, data, right, scoring=scoring, n_repeats=count, random_state=3)
    # The orders that it drew: every repeat shuffles the column the one before has left.
    seed = np.random.RandomState(3).randint(np.iinfo(np.int32).max + 1)
    draws = np.random.RandomState(seed)
    index, own, orders = np.arange(len(data)), np.arange(len(data)), []
    for _ in range(count):
        draws.shuffle(index)
        own = own[index]
        orders.append(own.tolist())
    return {"orders": orders, "drops": found["importances"].tolist(), "mean": found["importances_mean"].tolist(),
            "deviation": found["importances_std"].tolist()}


expected = {
    "dependence": {"age": dependence(classifier, x, "age"), "hours": dependence(classifier, x, "hours"),
                   "colour": dependence(classifier, x, "colour", categorical_features=["colour"])},
    "number": {"income": dependence(regression, z, 1)},
    "effects": {"age": effects("age"), "income": effects("income"), "hours": effects("hours"),
                "colour": {"points": levels, "effect": [one["eff"].tolist() for one in by_level],
                           "counts": by_level[0]["size"].tolist()}},
    "importance": {"accuracy": importance(classifier, x, y, "accuracy"), "neg-log-loss": importance(classifier, x, y, "neg_log_loss"),
                   "roc-auc": importance(classifier, x, y, "roc_auc_ovr")},
    "number-importance": {"r2": importance(regression, z, target, "r2"),
                          "neg-mean-absolute-error": importance(regression, z, target, "neg_mean_absolute_error"),
                          "neg-mean-squared-error": importance(regression, z, target, "neg_mean_squared_error")},
}
short = lambda value: ({k: short(v) for k, v in value.items()} if isinstance(value, dict) else
                       [short(v) for v in value] if isinstance(value, list) else
                       float(f"{value:.9g}") if isinstance(value, float) else value)
json.dump(short(expected), open("expected.json", "w"), separators=(",", ":"))
