"""Explains a data set on Ray: its workers run what backlit has compiled, by bare onnxruntime.

    npx backlit compile digits -o explained.onnx
    pip install "ray[data]" onnxruntime
    python3 examples/python/ray_data.py explained.onnx INPUTS.parquet RELEVANCE    # INPUTS has the columns name and x
"""

import sys

import numpy as np
import onnxruntime as ort
import ray


class Explain:
    """One in each worker: the session is made once."""

    def __init__(self, artefact):
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1  # a worker a core
        self.session = ort.InferenceSession(artefact, options)
        self.input = self.session.get_inputs()[0]

    def __call__(self, batch):
        x = np.stack(batch["x"]).astype(np.float32).reshape(-1, *self.input.shape[1:])
        relevance, target = self.session.run(["relevance", "explained_target"], {self.input.name: x})
        return {"name": batch["name"], "target": target, "relevance": relevance.reshape(len(x), -1)}


def main(model, inputs, out, workers=1):
    with open(model, "rb") as file:
        artefact = file.read()
    (
        ray.data.read_parquet(inputs)
        .map_batches(
            Explain,
            fn_constructor_args=[artefact],
            batch_size=16,
            num_cpus=1,
            compute=ray.data.ActorPoolStrategy(size=int(workers)),
        )
        .write_parquet(out)
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
