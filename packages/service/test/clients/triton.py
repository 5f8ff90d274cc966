"""NVIDIA's own client against the service: python triton.py HOST:PORT DIGITS.npy. Prints what it got as JSON."""

import json
import sys

import numpy as np
import tritonclient.http as triton

url, images = sys.argv[1:]
x = np.load(images)[:2].reshape(2, 1, 28, 28).astype(np.float32)
client = triton.InferenceServerClient(url)
metadata = client.get_model_metadata("digits")


def infer(binary, ask=client.infer, **packing):
    fed = triton.InferInput("input", list(x.shape), "FP32")
    fed.set_data_from_numpy(x, binary_data=binary)
    asked = [triton.InferRequestedOutput(name, binary_data=binary) for name in ("logits", "relevance", "explained_target")]
    found = ask("digits", [fed], outputs=asked, parameters={"target": 3}, **packing)
    found = found.get_result() if hasattr(found, "get_result") else found
    return [found.as_numpy(output.name()) for output in asked]


binary = infer(True)
ways = {"json": infer(False), "async": infer(True, client.async_infer), "gzip": infer(True, request_compression_algorithm="gzip")}
refused = None
try:
    client.infer("nobody", [])
except triton.InferenceServerException as error:
    refused = str(error)
print(
    json.dumps(
        {
            "live": client.is_server_live() and client.is_server_ready() and client.is_model_ready("digits"),
            "outputs": [output["name"] for output in metadata["outputs"]],
            "shapes": [list(value.shape) for value in binary],
            "targets": binary[2].ravel().tolist(),
            "relevance": binary[1].ravel().tolist(),
            "apart": {way: max(float(np.abs(a - b).max()) for a, b in zip(binary, values)) for way, values in ways.items()},
            "refused": refused,
        }
    )
)
client.close()
