"""Tree SHAP beside shap's C code: rows a second, peak memory, and by how much the values differ.

  pip install shap xgboost scikit-learn onnxmltools
  python bench/peers/trees.py [--trees 500] [--leaves 32] [--rows 500] [--columns 30] [--background 50]

An XGBoost classifier of random data is exported by onnxmltools and explained by `npx backlit explain` from the file; shap.TreeExplainer
(interventional) explains the booster itself. backlit's time is that of the whole command, loading and writing included; its rows a second
leave out what a command over one row takes.
"""
import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time

import numpy as np
import onnxmltools
import shap
import xgboost
from onnxmltools.convert.common.data_types import FloatTensorType

parser = argparse.ArgumentParser()
for name, usual in {"trees": 500, "leaves": 32, "rows": 500, "columns": 30, "background": 50}.items():
    parser.add_argument(f"--{name}", type=int, default=usual)
asked = parser.parse_args()

random = np.random.default_rng(0)
data = random.normal(size=(4000, asked.columns)).astype(np.float32)
label = (data[:, 0] * data[:, 1] + np.sin(data[:, 2] * 2) + data[:, 3:8].sum(1) + random.normal(size=4000) > 0).astype(int)
model = xgboost.XGBClassifier(n_estimators=asked.trees, max_leaves=asked.leaves, max_depth=0, grow_policy="lossguide", learning_rate=0.1,
                              tree_method="hist", random_state=0).fit(data, label)
rows, background = data[: asked.rows], data[-asked.background:]

started = time.perf_counter()
theirs = shap.TreeExplainer(model, background, feature_perturbation="interventional").shap_values(rows)
shap_seconds = time.perf_counter() - started

root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
with tempfile.TemporaryDirectory() as folder:
    at = lambda name: os.path.join(folder, name)
    made = onnxmltools.convert_xgboost(model, initial_types=[("x", FloatTensorType([None, asked.columns]))], target_opset=15)
    with open(at("model.onnx"), "wb") as file:
        file.write(made.SerializeToString())
    np.save(at("rows.npy"), rows)
    np.save(at("one.npy"), rows[:1])
    np.save(at("background.npy"), background)

    def explained(name):
        command = ["node", os.path.join(root, "packages", "backlit", "bin", "backlit.js"), "explain", at("model.onnx"), at(name),
                   "--references", at("background.npy"), "--target", "1", "--relevance", at("out.npy"), "--quiet"]
        began = time.perf_counter()
        subprocess.run(command, check=True)
        return time.perf_counter() - began

    single = explained("one.npy")
    seconds = explained("rows.npy")
    ours = np.load(at("out.npy"))

peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (1 if sys.platform == "darwin" else 1024)
largest = np.abs(theirs).max()
print(f"{asked.trees} trees of {asked.leaves} leaves, {asked.rows} rows of {asked.columns} columns, {asked.background} background rows")
print(f"shap     {shap_seconds:6.1f} s   {asked.rows / shap_seconds:7.0f} rows/s")
print(f"backlit  {seconds:6.1f} s   {(asked.rows - 1) / max(1e-9, seconds - single):7.0f} rows/s   peak {peak:.0f} MB")
print(f"largest difference {np.abs(ours.reshape(theirs.shape) - theirs).max() / largest:.1e} of the largest value {largest:.3f}")
