/** MLflow: a pyfunc model that runs the artefact with bare onnxruntime. */
import { type Engine, type Exported, type ExportedPort, exampleRequest, portRows } from "../engine.ts";

export const mlflow: Engine = {
  name: "mlflow",
  summary: "an MLflow model (pyfunc), run by onnxruntime in Python",
  artefact: () => "data/model.onnx",
  texts: (model) => ({
    MLmodel: description(model),
    "code/backlit_artefact.py": CODE,
    "requirements.txt": REQUIREMENTS.join("\n").concat("\n"),
    "python_env.yaml": `python: "3.11"\nbuild_dependencies: [pip]\ndependencies: ["-r requirements.txt"]\n`,
    "request.json": `${JSON.stringify({ inputs: asInputs(model) })}\n`,
    "README.md": readme(model),
  }),
};

const REQUIREMENTS = ["mlflow-skinny>=2.9", "numpy", "onnxruntime>=1.17"];

/** JSON is YAML: names of inputs may be anything. */
const description = ({ inputs, outputs, version, identity, hash }: Exported): string => `flavors:
  python_function:
    loader_module: backlit_artefact
    code: code
    data: data
    env:
      virtualenv: python_env.yaml
metadata:
  backlit_version: "${version}"
  model_sha256: "${identity}"
  recipe_sha256: "${hash}"
signature:
  inputs: ${JSON.stringify(JSON.stringify(inputs.map(columnOf)))}
  outputs: ${JSON.stringify(JSON.stringify(outputs.map(columnOf)))}
`;

const DTYPES: Readonly<Record<string, string>> = {
  BOOL: "bool",
  BYTES: "object",
  FP16: "float16",
  FP32: "float32",
  FP64: "float64",
};

const columnOf = ({ name, datatype, shape }: ExportedPort) => ({
  name,
  type: "tensor",
  "tensor-spec": { dtype: DTYPES[datatype] ?? datatype.toLowerCase(), shape },
});

type Nested = unknown;

const asInputs = (model: Exported): Readonly<Record<string, Nested>> => {
  const { inputs } = exampleRequest(model) as {
    inputs: readonly { name: string; shape: readonly number[]; data: readonly unknown[] }[];
  };
  return Object.fromEntries(inputs.map(({ name, shape, data }) => [name, nested(shape, data[0])]));
};

const nested = ([size, ...rest]: readonly number[], zero: unknown): Nested =>
  size === undefined ? zero : Array.from({ length: size }, () => nested(rest, zero));

const CODE = `"""Runs an artefact of backlit: the prediction, and beside it what of the input it rests on."""
import os

import numpy as np
import onnxruntime as ort

DTYPES = {
    "tensor(float)": np.float32,
    "tensor(double)": np.float64,
    "tensor(float16)": np.float16,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(int8)": np.int8,
    "tensor(uint8)": np.uint8,
    "tensor(bool)": np.bool_,
}


class Artefact:
    def __init__(self, path):
        self.session = ort.InferenceSession(path, providers=ort.get_available_providers())
        self.inputs = self.session.get_inputs()
        self.outputs = [output.name for output in self.session.get_outputs()]

    def predict(self, data, params=None):
        """A dictionary of arrays by input, or one array where there is one input. Returns all outputs by name."""
        if not isinstance(data, dict):
            data = {self.inputs[0].name: data}
        feeds = {one.name: np.asarray(data[one.name], dtype=DTYPES.get(one.type)) for one in self.inputs if one.name in data}
        return dict(zip(self.outputs, self.session.run(None, feeds)))


def _load_pyfunc(path):
    return Artefact(os.path.join(path, "model.onnx") if os.path.isdir(path) else path)
`;

const readme = (model: Exported): string => `# ${model.name}: predictions and why, on MLflow

\`\`\`bash
pip install ${REQUIREMENTS.map((one) => `'${one}'`).join(" ")}
mlflow models serve -m . --env-manager local -p 5001       # needs all of mlflow
curl localhost:5001/invocations -H 'Content-Type: application/json' -d @request.json
\`\`\`

\`\`\`python
import json, mlflow.pyfunc, numpy as np
model = mlflow.pyfunc.load_model(".")
feeds = {name: np.asarray(rows, dtype="${DTYPES[model.inputs[0]!.datatype] ?? "int64"}") for name, rows in json.load(open("request.json"))["inputs"].items()}
print({name: value.shape for name, value in model.predict(feeds).items()})
\`\`\`

| name | type | shape |
|---|---|---|
${portRows([...model.inputs, ...model.outputs])}
`;
