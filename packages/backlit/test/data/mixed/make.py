"""Writes the models of this folder, rows.csv and background.csv: votes, stacks and calibrated models of unlike members, on Fisher's iris data
with a colour made up. Needs scikit-learn, skl2onnx, pandas."""
import warnings
import numpy as np
import pandas as pd
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_iris
from sklearn.ensemble import (GradientBoostingClassifier, RandomForestClassifier, RandomForestRegressor, StackingClassifier,
                              StackingRegressor, VotingClassifier, VotingRegressor)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.naive_bayes import GaussianNB
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import LinearSVC

warnings.filterwarnings("ignore")
random = np.random.default_rng(0)
x, y = load_iris(return_X_y=True)
x = x.astype(np.float32)
few = slice(None, None, 3)  # small files
colour = np.array(["red", "green", "blue"])[(y + random.integers(0, 2, len(y))) % 3]
names = ["a", "b", "c", "d"]
table = pd.DataFrame(x, columns=names).assign(colour=colour)

logistic = lambda: LogisticRegression(max_iter=500)
forest = lambda: RandomForestClassifier(3, max_depth=3, random_state=0)
boosting = lambda: GradientBoostingClassifier(n_estimators=2, max_depth=2, random_state=0)
network = lambda: MLPClassifier((4,), max_iter=800, random_state=0)
some = RandomForestRegressor(3, max_depth=3, random_state=0)
vote = lambda *members: VotingClassifier([(str(i), one) for i, one in enumerate(members)], voting="soft", flatten_transform=False)
stack = lambda *members, **more: StackingClassifier([(str(i), one) for i, one in enumerate(members)], cv=2, **more)
two = y > 0

models = {
    "vote": (vote(logistic(), forest()), x, y),
    "vote-2": (vote(make_pipeline(StandardScaler(), logistic()), network(), boosting()), x[two], y[two] - 1),
    "vote-bayes": (vote(logistic(), GaussianNB()), x, y),
    "stack": (stack(logistic(), forest()), x, y),
    "stack-2": (stack(forest(), boosting(), network()), x[two], y[two] - 1),
    "stack-past": (stack(logistic(), forest(), passthrough=True), x, y),
    "stack-forest": (stack(logistic(), network(), final_estimator=forest()), x, y),
    "calibrated": (CalibratedClassifierCV(LinearSVC(random_state=0), cv=2), x, y),
    "calibrated-forest": (CalibratedClassifierCV(forest(), cv=2), x[two], y[two] - 1),
    "calibrated-boosting": (CalibratedClassifierCV(boosting(), cv=2), x, y),
    "hard": (VotingClassifier([("a", logistic()), ("b", network())], flatten_transform=False), x, y),
}
numbers = {
    "linear-stack": StackingRegressor([("a", LinearRegression()), ("b", Ridge(5.0))], cv=2, final_estimator=Ridge(1.0)),
    "number-vote": VotingRegressor([("a", Ridge(5.0)), ("b", some)]),
    "number-stack": StackingRegressor([("a", make_pipeline(StandardScaler(), Ridge(5.0))), ("b", some)], cv=2, final_estimator=LinearRegression()),
}


def save(name, model, types, **options):
    made = convert_sklearn(model, initial_types=types, target_opset=17, **options)
    open(f"{name}.onnx", "wb").write(made.SerializeToString())


floats = [("X", FloatTensorType([None, 4]))]
for name, (model, rows, right) in models.items():
    model.fit(rows[few], right[few])
    save(name, model, floats, options={id(model): {"zipmap": False}})
target = (x @ [1, -2, 0.5, 1] + 0.3 * x[:, 0] * x[:, 3]).astype(np.float32)
for name, model in numbers.items():
    save(name, model.fit(x[few], target[few]), floats)

# Imputers, scalers and one-hot in front of a vote and of a stack: columns by name.
prepared = lambda: make_column_transformer((make_pipeline(SimpleImputer(strategy="mean"), StandardScaler()), names),
                                           (OneHotEncoder(sparse_output=False, handle_unknown="ignore"), ["colour"]))
columns = [(name, FloatTensorType([None, 1])) for name in names] + [("colour", StringTensorType([None, 1]))]
holes = table.copy()
holes.loc[::7, "b"] = np.nan
for name, member in {"columns-vote": vote(logistic(), forest()), "columns-stack": stack(logistic(), network())}.items():
    model = make_pipeline(prepared(), member).fit(holes[few], y[few])
    save(name, model, columns, options={id(model): {"zipmap": False}, id(member): {"zipmap": False}})
table.iloc[[3, 60, 77, 110, 140]].to_csv("rows.csv", index=False)
table.iloc[::20].to_csv("background.csv", index=False)
