"""Writes thirty small ensembles of eight kinds, and expected.json: rows, background rows, and the values of shap.TreeExplainer
(interventional). Beside them Shapley values by enumeration over all subsets of columns, f asked of the library itself in float64: shap
reads some thresholds in float32, and where it is further than 1e-6 of the largest value from its own definition, `shap` is false."""
import json
import math
import os
import tempfile
import warnings

import catboost
import lightgbm
import numpy as np
import onnx
import onnxmltools
import shap
import xgboost
from onnxmltools.convert.common.data_types import FloatTensorType
from skl2onnx import to_onnx
from sklearn.ensemble import (ExtraTreesClassifier, ExtraTreesRegressor, GradientBoostingClassifier, GradientBoostingRegressor,
                              HistGradientBoostingClassifier, HistGradientBoostingRegressor, IsolationForest,
                              RandomForestClassifier, RandomForestRegressor)
from sklearn.ensemble._iforest import _average_path_length

warnings.filterwarnings("ignore")
_make_attribute = onnx.helper.make_attribute


def _with_whole_numbers(key, value, *more, **named):
    """skl2onnx 1.20 hands truths where onnx wants whole numbers."""
    if isinstance(value, (list, tuple, np.ndarray)) and any(isinstance(v, (bool, np.bool_)) for v in value):
        value = [int(v) for v in value]
    return _make_attribute(key, value, *more, **named)


onnx.helper.make_attribute = _with_whole_numbers
random = np.random.default_rng(4)
F = 6
x = np.round(random.normal(size=(400, F)), 2).astype(np.float32)
signal = x[:, 0] + x[:, 1] * x[:, 2] - np.abs(x[:, 3]) + 0.3 * x[:, 4]
number = (signal + 0.1 * random.normal(size=400)).astype(np.float32)
two, three = (signal > -0.5).astype(int), np.digitize(signal, [-1, 0.3])
rows, background = x[:5], x[50:58]
values = {}


def enumerated(f, row):
    value = []
    for subset in range(2 ** F):
        mixed = background.copy()
        for i in range(F):
            if subset >> i & 1:
                mixed[:, i] = row[i]
        value.append(np.mean(f(mixed)))
    phi = np.zeros(F)
    for i in range(F):
        for subset in range(2 ** F):
            if not subset >> i & 1:
                s = bin(subset).count("1")
                phi[i] += math.factorial(s) * math.factorial(F - s - 1) / math.factorial(F) * (value[subset | 1 << i] - value[subset])
    return phi


def add(name, model, onnx, f, target=None, sign=1):
    """`target`: the class that is explained; its column of shap's values, where there are several."""
    found = np.asarray(shap.TreeExplainer(model, background, feature_perturbation="interventional").shap_values(rows, check_additivity=False))
    if isinstance(found, np.ndarray) and found.ndim == 3:
        found = found[:, :, target]
    exact = np.array([enumerated(f, row) for row in rows])
    off = np.abs(sign * found - exact).max() / np.abs(exact).max()
    data = onnx if isinstance(onnx, bytes) else onnx.SerializeToString()
    with open(f"{name}.onnx", "wb") as file:
        file.write(data)
    values[name] = {"target": target if target is not None else 0, "shap": bool(off < 1e-6), "phi": (sign * found if off < 1e-6 else exact).tolist()}
    print(f"{name}: {len(data)} bytes, shap is {off:.1e} from enumeration")


def sk(name, model, y, f, target=None, sign=1):
    model.fit(x, y)
    raw = {"raw_scores": True} if "Boosting" in type(model).__name__ else {}
    options = {id(model): {"zipmap": False, **raw}} if target is not None else None
    add(name, model, to_onnx(model, x[:1], options=options, target_opset={"": 18, "ai.onnx.ml": 3}), lambda z: f(model, z), target, sign)


small = dict(n_estimators=4, random_state=0)
proba = lambda c: lambda m, z: m.predict_proba(z)[:, c]
predict = lambda m, z: m.predict(z)
decision = lambda m, z: m.decision_function(z)
for kind, (C, R) in {"forest": (RandomForestClassifier, RandomForestRegressor), "extra-trees": (ExtraTreesClassifier, ExtraTreesRegressor)}.items():
    sk(f"{kind}-two", C(max_depth=4, **small), two, proba(1), 1)
    sk(f"{kind}-three", C(max_depth=3, **small), three, proba(2), 2)
    sk(f"{kind}-number", R(max_depth=4, **small), number, predict)
    sk(f"{kind}-deep", R(max_leaf_nodes=24, n_estimators=2, random_state=1), number, predict)
sk("gradient-boosting-two", GradientBoostingClassifier(max_depth=3, **small), two, decision, 1)
sk("gradient-boosting-number", GradientBoostingRegressor(max_depth=3, **small), number, predict)
sk("gradient-boosting-deep", GradientBoostingRegressor(max_depth=6, max_leaf_nodes=20, **small), number, predict)
few = dict(max_iter=4, max_leaf_nodes=8, random_state=0)
sk("hist-two", HistGradientBoostingClassifier(**few), two, decision, 1)
sk("hist-number", HistGradientBoostingRegressor(**few), number, predict)
sk("hist-deep", HistGradientBoostingRegressor(max_iter=2, max_leaf_nodes=24, random_state=0), number, predict)

floats = [("x", FloatTensorType([None, F]))]
margin = lambda m, c=None: lambda z: (lambda r: r if c is None else r[:, c])(m.predict(z, output_margin=True))
for name, make, y, target in [
    ("xgboost-two", lambda: xgboost.XGBClassifier(n_estimators=5, max_depth=3), two, 1),
    ("xgboost-three", lambda: xgboost.XGBClassifier(n_estimators=3, max_depth=3), three, 2),
    ("xgboost-number", lambda: xgboost.XGBRegressor(n_estimators=5, max_depth=4), number, None),
    ("xgboost-steps", lambda: xgboost.XGBRegressor(n_estimators=12, max_depth=2, learning_rate=0.4), number, None),
    ("xgboost-leaves", lambda: xgboost.XGBRegressor(n_estimators=3, max_leaves=16, max_depth=0, grow_policy="lossguide"), number, None),
]:
    model = make().fit(x, y)
    add(name, model, onnxmltools.convert_xgboost(model, initial_types=floats, target_opset=15), margin(model, 2 if name.endswith("three") else None), target)
for name, make, y, target in [
    ("lightgbm-two", lambda: lightgbm.LGBMClassifier(n_estimators=5, num_leaves=8, verbose=-1), two, 1),
    ("lightgbm-three", lambda: lightgbm.LGBMClassifier(n_estimators=3, num_leaves=8, verbose=-1), three, 2),
    ("lightgbm-number", lambda: lightgbm.LGBMRegressor(n_estimators=5, num_leaves=12, verbose=-1), number, None),
    ("lightgbm-steps", lambda: lightgbm.LGBMRegressor(n_estimators=12, num_leaves=5, learning_rate=0.3, verbose=-1), number, None),
    ("lightgbm-deep", lambda: lightgbm.LGBMRegressor(n_estimators=2, num_leaves=24, min_child_samples=5, verbose=-1), number, None),
]:
    model = make().fit(x, y)
    raw = lambda z, model=model, c=2 if name.endswith("three") else None: (lambda r: r if c is None else r[:, c])(model.predict(z, raw_score=True))
    more = {"zipmap": False} if target is not None else {}
    add(name, model, onnxmltools.convert_lightgbm(model, initial_types=floats, target_opset=15, **more), raw, target)
for name, make, y, target in [
    ("catboost-two", lambda: catboost.CatBoostClassifier(iterations=4, depth=3, verbose=0, allow_writing_files=False, random_seed=0), two, 1),
    ("catboost-number", lambda: catboost.CatBoostRegressor(iterations=4, depth=3, verbose=0, allow_writing_files=False, random_seed=0), number, None),
    ("catboost-deep", lambda: catboost.CatBoostRegressor(iterations=3, depth=5, verbose=0, allow_writing_files=False, random_seed=0), number, None),
    ("catboost-steps", lambda: catboost.CatBoostRegressor(iterations=12, depth=2, learning_rate=0.4, verbose=0, allow_writing_files=False, random_seed=0), number, None),
]:
    model = make().fit(x, y)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "m.onnx")
        model.save_model(path, format="onnx")
        data = open(path, "rb").read()
    add(name, model, data, lambda z, model=model: model.predict(z, prediction_type="RawFormulaVal"), target)

# Minus the mean path length in units of that of an unsuccessful search, which the score is a power of; shap explains the length itself.
for name, samples in [("isolation-forest", 32), ("isolation-forest-large", 64)]:
    model = IsolationForest(n_estimators=3, max_samples=samples, random_state=0).fit(x)
    onnx = to_onnx(model, x[:1], target_opset={"": 18, "ai.onnx.ml": 3})

    unit = -1 / _average_path_length(np.array([samples]))[0]

    def depth(z, model=model, unit=unit):
        total = 0
        for tree, features in zip(model.estimators_, model.estimators_features_):
            leaves = tree.apply(z[:, features])
            total = total + tree.decision_path(z[:, features]).sum(1).A1 + _average_path_length(tree.tree_.n_node_samples[leaves]) - 1
        return unit * total / len(model.estimators_)

    add(name, model, onnx, depth, sign=unit)

with open("expected.json", "w") as file:
    json.dump({"rows": rows.astype(float).tolist(), "background": background.astype(float).tolist(), "values": values}, file)
    file.write("\n")
print(len(values), "ensembles,", sum(v["shap"] for v in values.values()), "by shap")
