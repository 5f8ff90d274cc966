"""The bundled model of a table: boosted trees that tell three wines apart by what a laboratory measured.

usage: python training/train_table.py OUT      (scikit-learn, skl2onnx, numpy; a few seconds)
writes OUT/wine-trees/{model.onnx,config.json} and OUT/wine/{wine,background}.csv

The data: M. Forina et al., PARVUS; UCI Machine Learning Repository, "Wine" (CC BY 4.0), as scikit-learn brings it. A quarter of the rows
of each wine is kept from training and becomes wine.csv; the others are background.csv.
"""
import csv
import json
import sys
from pathlib import Path

import numpy as np
from skl2onnx import to_onnx
from sklearn.datasets import load_wine
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.model_selection import train_test_split

NAMES = ["Barolo", "Grignolino", "Barbera"]


def write(path: Path, columns: list[str], x: np.ndarray, y: np.ndarray) -> None:
    with path.open("w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow([*columns, "class"])
        rows.writerows([*(f"{value:g}" for value in values), NAMES[label]] for values, label in zip(x, y))


def main(out: Path) -> None:
    data = load_wine()
    columns = [name.replace("od280/od315_of_diluted_wines", "od280_od315") for name in data.feature_names]
    x = data.data.astype(np.float32)
    x_train, x_test, y_train, y_test = train_test_split(x, data.target, test_size=0.25, random_state=0, stratify=data.target)
    model = GradientBoostingClassifier(n_estimators=40, max_depth=3, learning_rate=0.15, subsample=0.7, random_state=0)
    model.fit(x_train, y_train)
    print("right of the rows kept apart:", model.score(x_test, y_test), len(y_test))
    (out / "wine-trees").mkdir(parents=True, exist_ok=True)
    (out / "wine").mkdir(parents=True, exist_ok=True)
    onnx = to_onnx(model, x_train[:1], options={"zipmap": False}, target_opset={"": 17, "ai.onnx.ml": 3})
    # Fields that are there and empty say nothing.
    for message, fields in [(onnx, ["doc_string", "model_version"]), *((node, ["domain", "doc_string"]) for node in onnx.graph.node)]:
        for field in fields:
            if not getattr(message, field):
                message.ClearField(field)
    (out / "wine-trees" / "model.onnx").write_bytes(onnx.SerializeToString())
    config = {"id2label": {str(i): name for i, name in enumerate(NAMES)}}
    (out / "wine-trees" / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    write(out / "wine" / "wine.csv", columns, x_test, y_test)
    write(out / "wine" / "background.csv", columns, x_train, y_train)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
