"""Runs a model that backlit has compiled: no line of backlit is needed for it.

    npx backlit compile digits -o explained.onnx --target input
    pip install numpy onnxruntime            # and matplotlib, quantus for what comes after
    python3 examples/python/explain.py explained.onnx data/digits/images.npy
"""

import sys

import numpy as np
import onnxruntime as ort


def explain(session, x, targets):
    """The logits and the relevance of x [N, 1, H, W] (float32) for one class a sample [N] (int64)."""
    names = [i.name for i in session.get_inputs()]
    feeds = {names[0]: x, "target": np.asarray(targets, dtype=np.int64)}
    outputs = [o.name for o in session.get_outputs()]
    found = dict(zip(outputs, session.run(None, feeds)))
    return found[outputs[0]], found["relevance"]


def draw(relevance, path):
    """Red speaks for the class, blue against it; the colours are symmetric, so that white is nothing."""
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        print("matplotlib is not there: no picture")
        return
    plane = relevance.sum(axis=0)
    limit = np.abs(plane).max() or 1
    plt.imsave(path, plane, cmap="seismic", vmin=-limit, vmax=limit)
    print(path)


def judge(x, relevance):
    """Hands the maps to Quantus: how evenly relevance is spread (this metric asks no model)."""
    try:
        import quantus
    except ImportError:
        print("quantus is not there: no metric")
        return
    metric = quantus.Sparseness(abs=True, disable_warnings=True)
    scores = metric(model=None, x_batch=x, y_batch=np.zeros(len(x), dtype=int), a_batch=relevance)
    print("sparseness:", np.round(scores, 3))


def main(model, images):
    x = np.load(images)[:4].reshape(-1, 1, 28, 28).astype(np.float32) / 255
    session = ort.InferenceSession(model)
    logits, _ = explain(session, x, np.zeros(len(x)))
    classes = logits.argmax(axis=1)
    _, relevance = explain(session, x, classes)
    for sample, number in enumerate(classes):
        print(f"{number}: the relevance adds up to {relevance[sample].sum():.3f}")
    draw(relevance[0], "relevance.png")
    judge(x, relevance)


if __name__ == "__main__":
    main(*sys.argv[1:])
