"""Side by side with zennit and Captum, in one process: what an explanation costs, in forward passes of each engine and in milliseconds.

  pip install -r bench/peers/requirements.txt
  python bench/peers/peers.py [NETWORK...] [--rounds 7] [--threads 1]

Networks are torchvision's with random weights: times do not depend on them. Each network is exported once, `npx backlit compile` writes the
artefacts, ONNX Runtime runs them here. All works take turns, round by round; medians.
"""
import argparse
import os
import statistics
import subprocess
import tempfile
import time
import warnings

import captum.attr
import numpy as np
import onnxruntime as ort
import torch
import torchvision
from zennit.attribution import Gradient
from zennit.canonizers import SequentialMergeBatchNorm
from zennit.composites import EpsilonGammaBox, EpsilonPlus, EpsilonPlusFlat
from zennit.torchvision import ResNetCanonizer, VGGCanonizer

NETWORKS = {
    "vgg16": (torchvision.models.vgg16, VGGCanonizer),
    "resnet50": (torchvision.models.resnet50, ResNetCanonizer),
    "mobilenet_v2": (torchvision.models.mobilenet_v2, SequentialMergeBatchNorm),
    "efficientnet_b0": (torchvision.models.efficientnet_b0, SequentialMergeBatchNorm),
    "squeezenet1_1": (torchvision.models.squeezenet1_1, SequentialMergeBatchNorm),
}
OURS = {
    "gradient": ["--method", "gradient"],
    "epsilon-plus": ["--composite", "epsilon-plus"],
    "epsilon-plus-flat": ["--composite", "epsilon-plus-flat"],
    "epsilon-gamma-box": ["--composite", "epsilon-gamma-box"],
    "auto": [],
}
STEPS = 50


def artefacts(net, folder):
    path = os.path.join(folder, "model.onnx")
    torch.onnx.export(net, torch.zeros(1, 3, 224, 224), path, opset_version=17, dynamo=False, input_names=["x"], output_names=["y"],
                      dynamic_axes={"x": {0: "N"}, "y": {0: "N"}})
    made = {"forward": path}
    for name, words in OURS.items():
        made[name] = os.path.join(folder, f"{name}.onnx")
        scaling = ["--mean", "0.485,0.456,0.406", "--std", "0.229,0.224,0.225", "--size", "224"]
        subprocess.run(["npx", "backlit", "compile", path, "-o", made[name], *scaling, *words], check=True, capture_output=True)
    return made


def session(path, threads):
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def works(name, threads, folder):
    build, canonizer = NETWORKS[name]
    net = build(weights=None).eval()
    x = torch.randn(1, 3, 224, 224)
    one = torch.eye(1000)[[0]]
    feeds = {"x": x.numpy()}
    found = {}
    for label, path in artefacts(net, folder).items():
        opened = session(path, threads)
        found[f"backlit {label}"] = lambda opened=opened: opened.run(None, feeds)
    def forward():
        with torch.no_grad():
            net(x)

    def gradient():
        at = x.clone().requires_grad_()
        torch.autograd.grad(net(at)[0, 0], at)

    found["torch forward"] = forward
    found["torch gradient"] = gradient
    for label, composite in {
        "zennit EpsilonPlus": EpsilonPlus(canonizers=[canonizer()]),
        "zennit EpsilonPlusFlat": EpsilonPlusFlat(canonizers=[canonizer()]),
        "zennit EpsilonGammaBox": EpsilonGammaBox(low=-2.2, high=2.7, canonizers=[canonizer()]),
    }.items():
        def relevance(composite=composite):
            with Gradient(model=net, composite=composite) as attributor:
                attributor(x.clone(), one)
        found[label] = relevance
    found[f"captum IntegratedGradients, {STEPS} steps"] = lambda: captum.attr.IntegratedGradients(net).attribute(
        x, target=0, n_steps=STEPS, internal_batch_size=10)
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("networks", nargs="*", default=list(NETWORKS))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    warnings.filterwarnings("ignore")
    print(f"torch {torch.__version__}, onnxruntime {ort.__version__}, captum {captum.__version__}, {asked.threads} thread(s), batch 1, 224x224")
    for name in asked.networks or list(NETWORKS):
        with tempfile.TemporaryDirectory() as folder:
            found = works(name, asked.threads, folder)
            times = {label: [] for label in found}
            for round in range(asked.rounds + 1):
                for label, run in found.items():
                    start = time.process_time()
                    run()
                    if round > 0:
                        times[label].append((time.process_time() - start) * 1e3)
            median = {label: statistics.median(values) for label, values in times.items()}
            print(f"\n{name:36} {'ms':>8} {'of ours':>8} {'of its own':>10}")
            for label, ms in median.items():
                own = median["backlit forward"] if label.startswith("backlit") else median["torch forward"]
                print(f"{label:36} {ms:8.1f} {ms / median['backlit forward']:8.2f} {ms / own:10.2f}")


if __name__ == "__main__":
    main()
