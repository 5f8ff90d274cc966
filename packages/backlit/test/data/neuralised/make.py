"""Writes the models of this folder, and expected.json: rows, and their decompositions by the formulas in float64, from scikit-learn's own numbers."""
import json
import numpy as np
from onnx import TensorProto, helper, numpy_helper, save
from scipy.special import logsumexp
from skl2onnx import to_onnx
from sklearn.cluster import KMeans
from sklearn.datasets import load_iris
from sklearn.neighbors import KernelDensity
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, OneClassSVM

x, y = load_iris(return_X_y=True)
x = x.astype(np.float32)
few = slice(None, None, 6)
rows = x[[3, 52, 75, 147]]
OPSETS = {"": 18, "ai.onnx.ml": 3}
expected = {}


def write(name, onnx, values):
    if not isinstance(onnx, bytes):
        onnx = onnx.SerializeToString()
    with open(f"{name}.onnx", "wb") as file:
        file.write(onnx)
    expected[name] = [{"relevance": r.tolist(), "score": float(s)} for r, s in values]


def outlier(x, s, alpha, gamma):
    """o and R of one row: weights scaled to a sum of 1."""
    squares = (x - s) ** 2
    d = squares.sum(1)
    logs = np.log(alpha / alpha.sum()) - gamma * d
    o = -logsumexp(logs) / gamma
    p = np.exp(logs - logsumexp(logs))
    return o, (p * o / np.where(d == 0, 1, d)) @ squares


def machine(x, s, alpha, gamma):
    """(1/γ)(log Σ₊ − log Σ₋), and R."""
    total, relevance = 0.0, np.zeros_like(x)
    for sign in (1, -1):
        own = alpha * sign > 0
        squares = (x - s[own]) ** 2
        d = squares.sum(1)
        logs = np.log(sign * alpha[own]) - gamma * d
        o = -logsumexp(logs) / gamma
        p = np.exp(logs - logsumexp(logs))
        total -= sign * o
        relevance -= sign * ((p * o / np.where(d == 0, 1, d)) @ squares)
    return relevance, total


def cluster(x, centres, beta=None):
    c = np.argmin(((x - centres) ** 2).sum(1))
    h = 2 * (centres[c] - centres) @ x + (centres**2).sum(1) - (centres[c] ** 2).sum()
    rivals = [k for k in range(len(centres)) if k != c]
    p = np.zeros(len(centres))
    if beta is None:
        p[min(rivals, key=lambda k: h[k])] = 1
    else:
        w = np.exp(-beta * (h[rivals] - h[rivals].min()))
        p[rivals] = w / w.sum()
    return sum(p[k] * 2 * (centres[c] - centres[k]) * (x - (centres[c] + centres[k]) / 2) for k in rivals), p @ h


wide = rows.astype(float)
of32 = lambda a: np.asarray(a, dtype=np.float32).astype(float)  # as the files hold them
kmeans = KMeans(4, random_state=0, n_init=1).fit(x[few])
write("k-means", to_onnx(kmeans, x[:1], target_opset=OPSETS), [cluster(r, of32(kmeans.cluster_centers_)) for r in wide])
expected["k-means-soft"] = [{"relevance": r.tolist(), "score": float(s)} for r, s in
                            (cluster(r, of32(kmeans.cluster_centers_), 0.5) for r in wide)]

one = OneClassSVM(nu=0.3, gamma=0.4).fit(x[few])
alpha, gamma = of32(one.dual_coef_[0]), float(np.float32(0.4))
write("one-class", to_onnx(one, x[:1], target_opset=OPSETS),
      [outlier(r, of32(one.support_vectors_), alpha, gamma)[::-1] for r in wide])

two = slice(50, 150, 6)
svc = make_pipeline(StandardScaler(), SVC(gamma=0.3)).fit(x[two], y[two])
scaled = (wide - of32(svc[0].mean_)) * of32(1 / svc[0].scale_)
write("rbf-svc", to_onnx(svc, x[:1], options={id(svc): {"zipmap": False}}, target_opset=OPSETS),
      [machine(r, of32(svc[1].support_vectors_), of32(svc[1].dual_coef_[0]), float(np.float32(0.3))) for r in scaled])

# log p(x) = log Σ exp(−|x − s|²/2h²) − log(n (2π)^(D/2) h^D): scikit-learn's densities have no converter.
h = 0.5
density = KernelDensity(bandwidth=h).fit(x[few])
points = x[few]
constant = -np.log(len(points)) - 2 * np.log(2 * np.pi) - 4 * np.log(h)
numbers = lambda name, a, t=np.float32: numpy_helper.from_array(np.asarray(a, dtype=t), name)
node = helper.make_node
graph = helper.make_graph([
    node("Unsqueeze", ["x", "one"], ["wide"]), node("Sub", ["wide", "points"], ["apart"]), node("Mul", ["apart", "apart"], ["squares"]),
    node("ReduceSum", ["squares", "last"], ["distances"], keepdims=0), node("Mul", ["distances", "factor"], ["exponents"]),
    node("ReduceLogSumExp", ["exponents", "one"], ["sum"], keepdims=1), node("Add", ["sum", "constant"], ["log_density"]),
], "kde", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, 4])],
    [helper.make_tensor_value_info("log_density", TensorProto.FLOAT, [None, 1])],
    [numbers("points", points[None]), numbers("one", [1], np.int64), numbers("last", [2], np.int64), numbers("factor", -1 / (2 * h * h)),
     numbers("constant", [constant])])
values = [outlier(r, of32(points), np.ones(len(points)), 1 / (2 * h * h)) for r in wide]
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
write("density", model, [(-r, -o) for o, r in values])
found = [-o * (1 / (2 * h * h)) for o, _ in values] - 2 * np.log(2 * np.pi) - 4 * np.log(h)
assert np.allclose(found, density.score_samples(wide), atol=1e-5)
with open("expected.json", "w") as file:
    json.dump({"rows": wide.tolist(), "values": expected}, file, indent=1)
    file.write("\n")
