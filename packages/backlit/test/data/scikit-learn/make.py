"""Writes the models of this folder, and expected.json: rows, and what scikit-learn itself makes of them."""
import json
import numpy as np
import xgboost
import lightgbm
import onnxmltools
from onnxmltools.convert.common.data_types import FloatTensorType
from skl2onnx import to_onnx
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_iris
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.ensemble import (AdaBoostClassifier, GradientBoostingClassifier, IsolationForest, RandomForestClassifier,
                              StackingClassifier, VotingClassifier)
from sklearn.linear_model import LogisticRegression, SGDClassifier, SGDOneClassSVM
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import BernoulliNB, GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier, LocalOutlierFactor
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer, OneHotEncoder, StandardScaler
from sklearn.svm import SVC, LinearSVC, OneClassSVM
from sklearn.tree import DecisionTreeClassifier

x, y = load_iris(return_X_y=True)
x = x.astype(np.float32)
few = slice(None, None, 5)  # small files
logistic = lambda: LogisticRegression(max_iter=500)
tree = lambda: DecisionTreeClassifier(max_depth=2)
one_hot = make_pipeline(make_column_transformer((OneHotEncoder(handle_unknown="ignore"), [0, 3])), logistic())

three = {
    "forest": RandomForestClassifier(3, max_depth=2, random_state=0),
    "gradient-boosting": GradientBoostingClassifier(n_estimators=2, max_depth=2, random_state=0),
    "adaboost": AdaBoostClassifier(n_estimators=3, random_state=0),
    "logistic": logistic(),
    "one-vs-rest": OneVsRestClassifier(logistic()),
    "platt": SVC(probability=True, random_state=0, C=0.2),
    "margins": LinearSVC(random_state=0),
    "huber": SGDClassifier(loss="modified_huber", random_state=0),
    "neighbours": KNeighborsClassifier(3),
    "gaussian-bayes": GaussianNB(),
    "multinomial-bayes": MultinomialNB(),
    "bernoulli-bayes": BernoulliNB(binarize=1.0),
    "linear-discriminants": LinearDiscriminantAnalysis(),
    "quadratic-discriminants": QuadraticDiscriminantAnalysis(),
    "perceptron": MLPClassifier((6,), max_iter=400, random_state=0),
    "voting": VotingClassifier([("a", logistic()), ("b", tree())], voting="soft", flatten_transform=False),
    "votes": VotingClassifier([("a", logistic()), ("b", tree())], flatten_transform=False),
    "stacking": StackingClassifier([("a", logistic()), ("b", tree())], cv=2),
    "calibrated": CalibratedClassifierCV(LinearSVC(random_state=0), cv=2),
    "isotonic": CalibratedClassifierCV(GaussianNB(), method="isotonic", cv=2),
    "normalizer-l1": make_pipeline(Normalizer("l1"), logistic()),
    "normalizer-l2": make_pipeline(Normalizer("l2"), RandomForestClassifier(3, max_depth=2, random_state=0)),
    "scaler": make_pipeline(StandardScaler(), logistic()),
}
two = {name: three[name] for name in ["adaboost", "one-vs-rest", "platt", "huber", "isotonic", "gaussian-bayes"]}
outliers = {
    "isolation-forest": IsolationForest(n_estimators=3, max_samples=16, random_state=0),
    "local-outlier-factor": LocalOutlierFactor(n_neighbors=3, novelty=True),
    "one-class-svm": OneClassSVM(nu=0.2),
    "sgd-one-class-svm": SGDOneClassSVM(random_state=0),
}

expected = {}
rows = x[[3, 75, 147]]


def write(name, model, onnx, values, rows=rows):
    with open(f"{name}.onnx", "wb") as file:
        file.write(onnx.SerializeToString())
    expected[name] = {key: np.asarray(getattr(model, key)(rows), dtype=float).tolist() for key in values if hasattr(model, key)}


def export(name, model, x, y=None, values=("predict_proba",)):
    model.fit(x, y)
    options = {id(model): {"zipmap": False}} if hasattr(model, "predict_proba") or isinstance(model, VotingClassifier) else None
    write(name, model, to_onnx(model, x[:1], options=options, target_opset={"": 18, "ai.onnx.ml": 3}), values)


for name, model in three.items():
    export(name, model, x[few], y[few])
for name, model in two.items():
    export(f"{name}-2", model, x[50:][few], y[50:][few] - 1)
for name, model in outliers.items():
    export(name, model, x[few], values=("decision_function",))
whole = np.floor(x).astype(np.int64)
one_hot.fit(whole[few], y[few])
onnx = to_onnx(one_hot, whole[:1], options={id(one_hot): {"zipmap": False}}, target_opset={"": 18, "ai.onnx.ml": 3})
write("one-hot", one_hot, onnx, ["predict_proba"], np.floor(rows).astype(np.int64))
boosted = [
    ("xgboost", xgboost.XGBClassifier(n_estimators=2, max_depth=2), onnxmltools.convert_xgboost, {}),
    ("lightgbm", lightgbm.LGBMClassifier(n_estimators=2, max_depth=2, verbose=-1), onnxmltools.convert_lightgbm, {"zipmap": False}),
]
for name, model, convert, more in boosted:
    model.fit(x, y)
    write(name, model, convert(model, initial_types=[("x", FloatTensorType([None, 4]))], target_opset=15, **more), ["predict_proba"])
with open("expected.json", "w") as file:
    json.dump({"rows": rows.astype(float).tolist(), "values": expected}, file, indent=1)
    file.write("\n")
