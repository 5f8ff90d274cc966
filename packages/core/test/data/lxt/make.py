"""Tiny language models with random weights, and AttnLRP's relevance of their tokens as LXT computes it (Achtibat et al. 2024), in float64.

python make.py with lxt 2.1, transformers 4.52.4, torch 2.15. Models are exported before LXT replaces their classes' functions.
"""
import copy
import json
import sys
from pathlib import Path

import onnx
import torch
from lxt.efficient import monkey_patch
from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM
from transformers.models.gpt2 import modeling_gpt2
from transformers.models.llama import modeling_llama
from transformers.models.qwen2 import modeling_qwen2
from transformers.models.qwen3 import modeling_qwen3

HERE = Path(__file__).parent
SIZES = {"vocab_size": 23, "hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2}
ROPE = {**SIZES, "max_position_embeddings": 32, "tie_word_embeddings": False, "initializer_range": 0.25, "use_cache": False}
MODELS = {
    "llama": (modeling_llama, LlamaForCausalLM, LlamaConfig(**ROPE)),
    "qwen2": (modeling_qwen2, Qwen2ForCausalLM, Qwen2Config(**ROPE)),
    "qwen3": (modeling_qwen3, Qwen3ForCausalLM, Qwen3Config(**ROPE, head_dim=4)),
    "gpt2": (modeling_gpt2, GPT2LMHeadModel, GPT2Config(vocab_size=23, n_embd=16, n_layer=2, n_head=4, n_positions=32, initializer_range=0.25, use_cache=False)),
}
IDS = torch.tensor([[3, 17, 5, 5, 11, 8, 20], [1, 2, 22, 9, 14, 6, 4]])
POSITION = 5


def named_shortly(path):
    """Names of nodes and inner values are most of so small a file."""
    model = onnx.load(path)
    kept = {one.name for one in [*model.graph.input, *model.graph.output, *model.graph.initializer]}
    short = {}
    for number, node in enumerate(model.graph.node):
        node.name = f"n{number}"
        for k, name in enumerate(node.output):
            if name not in kept:
                short[name] = f"v{len(short)}"
                node.output[k] = short[name]
        for k, name in enumerate(node.input):
            node.input[k] = short.get(name, name)
    onnx.checker.check_model(model)
    onnx.save(model, path)


class Logits(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask):
        return self.model(input_ids=input_ids, attention_mask=attention_mask).logits


def made(kind, config, seed):
    torch.manual_seed(seed)
    config._attn_implementation = "eager"
    model = kind(config).eval()
    for name, weight in model.named_parameters():
        if "norm" in name or "ln_" in name or name.endswith("bias"):  # ones and zeros would show little
            weight.data += 0.2 * torch.randn_like(weight)
    return model


def main():
    models = {name: made(kind, config, seed) for seed, (name, (_, kind, config)) in enumerate(MODELS.items())}
    mask = torch.ones_like(IDS)
    for name, model in models.items():
        free = {0: "N", 1: "S"}
        torch.onnx.export(Logits(copy.deepcopy(model)), (IDS, mask), str(HERE / f"{name}.onnx"), opset_version=17, dynamo=False,
                          input_names=["input_ids", "attention_mask"], output_names=["logits"],
                          dynamic_axes={"input_ids": free, "attention_mask": free, "logits": free})
        named_shortly(str(HERE / f"{name}.onnx"))
    expected = {}
    for name, (module, _, _) in MODELS.items():
        monkey_patch(module)
        model = models[name].double()
        for weight in model.parameters():
            weight.requires_grad_(False)
        embedded = model.get_input_embeddings()(IDS).detach().requires_grad_()
        logits = model(inputs_embeds=embedded, attention_mask=mask).logits
        winners = logits[:, POSITION].argmax(-1)
        logits[torch.arange(len(IDS)), POSITION, winners].sum().backward()
        relevance = (embedded * embedded.grad).sum(-1)
        expected[name] = {"tokens": winners.tolist(), "logits": logits[torch.arange(len(IDS)), POSITION, winners].tolist(), "relevance": relevance.tolist()}
    content = {"ids": IDS.tolist(), "position": POSITION, "models": expected}
    (HERE / "expected.json").write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
