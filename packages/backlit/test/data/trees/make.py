"""Writes the models of this folder, and expected.json: rows, background rows, and the Shapley values that the libraries' own predictions have.

phi_i = sum over subsets S without i of |S|! (n-|S|-1)!/n! (v(S + i) - v(S)), v(S) = mean over background rows z of f(x_S, z_rest):
enumerated, f asked of scikit-learn, XGBoost, LightGBM and CatBoost themselves, in float64. Nothing of ONNX is in it.
"""
import json
import math
import os
import tempfile
import warnings

import catboost
import lightgbm
import numpy as np
import onnxmltools
import pandas as pd
import xgboost
from onnxmltools.convert.common.data_types import FloatTensorType
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType as Floats, StringTensorType
from sklearn.compose import make_column_transformer
from sklearn.ensemble import (AdaBoostClassifier, ExtraTreesClassifier, GradientBoostingClassifier, GradientBoostingRegressor,
                              IsolationForest, RandomForestClassifier, RandomForestRegressor, VotingClassifier)
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

warnings.filterwarnings("ignore")
random = np.random.default_rng(0)
F = 5
x = random.normal(size=(300, F)).astype(np.float32)
signal = x[:, 0] + x[:, 1] * x[:, 2] - np.abs(x[:, 3])
number = (signal + 0.1 * random.normal(size=300)).astype(np.float32)
three = np.digitize(signal, [-1, 0.3])
two = (signal > -0.5).astype(int)
rows, background = x[:4], x[50:56]
missing = x.copy()
missing[random.random(x.shape) < 0.15] = np.nan
expected = {"rows": rows.astype(float).tolist(), "background": background.astype(float).tolist(), "values": {}}


def shapley(f, row, others):
    n = len(row)
    value = []
    for subset in range(2 ** n):
        mixed = others.copy()
        for i in range(n):
            if subset >> i & 1:
                mixed[:, i] = row[i]
        value.append(np.mean(f(mixed)))
    phi = np.zeros(n)
    for i in range(n):
        for subset in range(2 ** n):
            if not subset >> i & 1:
                s = bin(subset).count("1")
                phi[i] += math.factorial(s) * math.factorial(n - s - 1) / math.factorial(n) * (value[subset | 1 << i] - value[subset])
    return phi.tolist(), float(value[-1]), float(value[0])


def write(name, onnx, f, target, more=None, given=rows, others=background):
    with open(f"{name}.onnx", "wb") as file:
        file.write(onnx if isinstance(onnx, bytes) else onnx.SerializeToString())
    found = [shapley(f, row, others) for row in given]
    nan = lambda table: [[None if isinstance(v, float) and math.isnan(v) else v for v in row] for row in np.asarray(table, dtype=object).tolist()]
    own = {} if given is rows else {"rows": nan(given), "background": nan(others)}
    expected["values"][name] = {"target": target, **(more or {}), **own, "phi": [p for p, _, _ in found], "score": [s for _, s, _ in found], "mean": [m for _, _, m in found]}


def skl(name, model, y, f, target, more=None, table=x, given=rows, others=background):
    model.fit(table, y) if y is not None else model.fit(table)
    options = {id(model): {"zipmap": False}} if hasattr(model, "predict_proba") else None
    write(name, to_onnx(model, table[:1], options=options, target_opset={"": 18, "ai.onnx.ml": 3}), f, target, more, given, others)


proba = lambda model, k: lambda table: model.predict_proba(table)[:, k]
forest = RandomForestClassifier(5, max_depth=4, random_state=0)
skl("forest", forest, three, proba(forest, 1), 1)
extra = ExtraTreesClassifier(4, max_depth=4, random_state=0)
skl("extra-trees", extra, two, proba(extra, 0), 0)
tree = DecisionTreeClassifier(max_depth=4)
skl("tree", tree, three, proba(tree, 2), 2)
regression = RandomForestRegressor(4, max_depth=5, random_state=0)
skl("forest-regression", regression, number, lambda t: regression.predict(t), 0)
boosted = GradientBoostingRegressor(n_estimators=6, max_depth=3, random_state=0)
skl("boosting-regression", boosted, number, lambda t: boosted.predict(t), 0)
binary = GradientBoostingClassifier(n_estimators=5, max_depth=3, random_state=0)
skl("boosting-two", binary, two, lambda t: -binary.decision_function(t), 0)
multi = GradientBoostingClassifier(n_estimators=3, max_depth=3, random_state=0)
skl("boosting-three", multi, three, lambda t: multi.decision_function(t)[:, 2], 2)
holes, hollow = missing[[1, 4, 9, 12]], missing[60:66]
voting = VotingClassifier([("a", RandomForestClassifier(2, max_depth=3, random_state=0)), ("b", DecisionTreeClassifier(max_depth=3))], voting="soft", flatten_transform=False)
skl("voting", voting, three, proba(voting, 0), 0)
stump = AdaBoostClassifier(DecisionTreeClassifier(max_depth=2), n_estimators=3, random_state=0)
stump.fit(x, two)
open("adaboost.onnx", "wb").write(to_onnx(stump, x[:1], options={id(stump): {"zipmap": False}}, target_opset={"": 18, "ai.onnx.ml": 3}).SerializeToString())
isolation = IsolationForest(n_estimators=4, max_samples=16, random_state=0)
skl("isolation-forest", isolation, None, lambda t: -isolation.decision_function(t), 0, {"complete": True})

convert = lambda f, model, **more: f(model, initial_types=[("x", FloatTensorType([None, F]))], target_opset=15, **more)
for name, y, f, target in [("xgboost-two", two, lambda m: lambda t: m.predict(t, output_margin=True), 1), ("xgboost-three", three, lambda m: lambda t: m.predict(t, output_margin=True)[:, 1], 1)]:
    model = xgboost.XGBClassifier(n_estimators=4, max_depth=4).fit(x, y)
    write(name, convert(onnxmltools.convert_xgboost, model), f(model), target)
model = xgboost.XGBClassifier(n_estimators=4, max_depth=4).fit(missing, two)
write("xgboost-missing", convert(onnxmltools.convert_xgboost, model), lambda t: model.predict(t, output_margin=True), 1, None, holes, hollow)
light = lightgbm.LGBMClassifier(n_estimators=4, max_depth=4, verbose=-1).fit(x, three)
write("lightgbm-three", convert(onnxmltools.convert_lightgbm, light, zipmap=False), lambda t: light.predict(t, raw_score=True)[:, 0], 0)
light2 = lightgbm.LGBMClassifier(n_estimators=4, max_depth=4, verbose=-1).fit(missing, two)
write("lightgbm-missing", convert(onnxmltools.convert_lightgbm, light2, zipmap=False), lambda t: light2.predict(t, raw_score=True), 1, None, holes, hollow)
whole = x.copy()
whole[:, 0] = np.floor(np.abs(whole[:, 0]) * 3)
light3 = lightgbm.LGBMRegressor(n_estimators=4, max_depth=4, verbose=-1, min_data_per_group=5, cat_smooth=1).fit(whole, number, categorical_feature=[0])
write("lightgbm-categories", convert(onnxmltools.convert_lightgbm, light3), lambda t: light3.predict(t), 0, None, whole[:4], whole[50:56])


def cat(name, model, y, f, target):
    model.fit(x, y)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.onnx")
        model.save_model(path, format="onnx")
        write(name, open(path, "rb").read(), f, target)


quiet = dict(iterations=4, depth=3, verbose=False, allow_writing_files=False)
c2 = catboost.CatBoostClassifier(**quiet)
cat("catboost-two", c2, two, lambda t: c2.predict(t, prediction_type="RawFormulaVal"), 1)
c3 = catboost.CatBoostClassifier(**quiet, loss_function="MultiClass")
cat("catboost-three", c3, three, lambda t: c3.predict(t, prediction_type="RawFormulaVal")[:, 2], 2)
cr = catboost.CatBoostRegressor(**quiet)
cat("catboost-regression", cr, number, lambda t: cr.predict(t), 0)

# Raw columns in front: numbers filled in and scaled, texts one-hot. A category is one player.
frame = pd.DataFrame({"a": missing[:, 0], "b": missing[:, 1], "colour": random.choice(["red", "green", "blue"], 300), "size": random.choice(["s", "m", "l", "xl"], 300)})
answer = np.where(frame.colour == "red", 1, 0) + np.nan_to_num(frame.a) + np.where(frame["size"] == "xl", 2, 0)
numbers = make_pipeline(SimpleImputer(), StandardScaler())
pipeline = make_pipeline(make_column_transformer((numbers, ["a", "b"]), (OneHotEncoder(), ["colour", "size"])), RandomForestRegressor(4, max_depth=5, random_state=0))
pipeline.fit(frame, answer)
types = [(name, Floats([None, 1]) if name in "ab" else StringTensorType([None, 1])) for name in frame]
onnx = to_onnx(pipeline, initial_types=types, target_opset={"": 18, "ai.onnx.ml": 3})
table = frame.to_numpy(dtype=object)
call = lambda t: pipeline.predict(pd.DataFrame(t, columns=frame.columns).astype({"a": float, "b": float}))
write("columns", onnx, call, 0, None, table[[1, 4, 9, 12]], table[60:66])

with open("expected.json", "w") as file:
    json.dump(expected, file)
    file.write("\n")
