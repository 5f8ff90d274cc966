"""Trains the small models of shapes and of a tiny grammar and writes them as folders: python train.py OUT [names]. CPU, a few minutes."""
import json
import math
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)
torch.set_num_threads(1)
RNG = np.random.default_rng(0)
SIDE, STRIDE = 64, 8
SHAPES = ["circle", "square", "triangle"]


def picture(count=None):
    """Grey noise with one to three shapes of any colour: pixels 0..1 [3, 64, 64], labels [64, 64], boxes (class, x1, y1, x2, y2)."""
    x = RNG.uniform(0.35, 0.65, (SIDE, SIDE, 3)).astype(np.float32)
    labels = np.zeros((SIDE, SIDE), np.int64)
    boxes = []
    rows, columns = np.mgrid[0:SIDE, 0:SIDE]
    for _ in range(count or RNG.integers(1, 4)):
        for _ in range(20):
            kind, r = int(RNG.integers(3)), int(RNG.integers(7, 11))
            cx, cy = (int(v) for v in RNG.integers(r + 1, SIDE - r - 1, 2))
            if all(abs(cx - (b[1] + b[3]) / 2) > 22 or abs(cy - (b[2] + b[4]) / 2) > 22 for b in boxes):
                break
        else:
            continue
        if kind == 0:
            inside = (rows - cy) ** 2 + (columns - cx) ** 2 <= r * r
        elif kind == 1:
            inside = (abs(rows - cy) <= r) & (abs(columns - cx) <= r)
        else:
            inside = (rows - cy <= r) & (rows - cy >= 2 * abs(columns - cx) - r)
        colour = RNG.uniform(0, 1, 3)
        colour[RNG.integers(3)] = RNG.choice([0.02, 0.98])
        x[inside] = colour + RNG.uniform(-0.05, 0.05, (int(inside.sum()), 3))
        labels[inside] = kind + 1
        boxes.append((kind, cx - r, cy - r, cx + r + 1, cy + r + 1))
    return x.clip(0, 1).transpose(2, 0, 1), labels, boxes


def batch(n):
    all_ = [picture() for _ in range(n)]
    return torch.tensor(np.stack([a for a, _, _ in all_])), torch.tensor(np.stack([b for _, b, _ in all_])), [c for _, _, c in all_]


def train(model, loss, steps, rate=3e-3):
    adam = torch.optim.Adam(model.parameters(), rate)
    rates = torch.optim.lr_scheduler.OneCycleLR(adam, rate, total_steps=steps)
    for step in range(steps):
        adam.zero_grad()
        value = loss()
        value.backward()
        adam.step()
        rates.step()
        if step % 200 == 0 or step == steps - 1:
            print(f"  {step}: {value.item():.4f}", flush=True)
    return model.eval()


def conv(a, b, stride=1, dilation=1):
    return nn.Sequential(nn.Conv2d(a, b, 3, stride, dilation, dilation), nn.ReLU())


class Detector(nn.Module):
    """Boxes as centre and size in pixels, then a sigmoid for each class, as YOLOv8 gives them: [N, 4 + classes, anchors].

    The first layer looks at one pixel and learns to be silent on background, and what an anchor sees is little more than its shape: what
    speaks for a box lies in it. (Even kernels, so that an anchor's field of view is centred on its cell.)
    """

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 1), nn.ReLU())
        halved = lambda a, b, side: nn.Sequential(nn.Conv2d(a, b, side, 2, side // 2 - 1), nn.ReLU())
        self.body = nn.Sequential(halved(8, 16, 4), halved(16, 24, 4), halved(24, 32, 2), conv(32, 40))
        self.head = nn.Conv2d(40, 4 + len(SHAPES), 1)
        cells = (torch.arange(SIDE // STRIDE) + 0.5) * STRIDE
        y, x = torch.meshgrid(cells, cells, indexing="ij")
        self.register_buffer("centres", torch.stack([x.flatten(), y.flatten()])[None])

    def pixels(self, x):
        return self.stem((x - 0.5) / 0.25)

    def raw(self, pixels):
        return self.head(self.body(pixels)).flatten(2)

    def forward(self, x):
        z = self.raw(self.pixels(x))
        return torch.cat([self.centres + z[:, :2] * STRIDE, 16 + z[:, 2:4] * STRIDE, z[:, 4:].sigmoid()], 1)


def detector():
    model = Detector()

    def loss():
        x, labels, boxes = batch(24)
        pixels = model.pixels(x)
        z = model.raw(pixels)
        wanted = torch.zeros(len(boxes), len(SHAPES), (SIDE // STRIDE) ** 2)
        places, near = torch.zeros(len(boxes), 4, wanted.shape[2]), torch.zeros(len(boxes), 1, wanted.shape[2])
        for n, own in enumerate(boxes):
            for kind, x1, y1, x2, y2 in own:
                centre = torch.tensor([[(x1 + x2) / 2], [(y1 + y2) / 2]])
                off = (centre - model.centres[0]) / STRIDE
                wanted[n, kind, off.square().sum(0).argmin()] = 1
                # Where it lies is told by the cells around, too: of two that find the same shape one is then left out.
                around = off.abs().amax(0) < 1.5
                near[n, 0, around] = 1
                size = torch.tensor([[x2 - x1 - 16], [y2 - y1 - 16]]) / STRIDE
                places[n, :, around] = torch.cat([off, size.expand_as(off)])[:, around]
        boxes_off = ((z[:, :4] - places).abs() * near).sum() / near.sum()
        loud = (pixels * (labels == 0)[:, None]).mean()
        return boxes_off + 8 * F.binary_cross_entropy_with_logits(z[:, 4:], wanted) + 4 * loud

    return train(model, loss, 4000)


class Segmenter(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(conv(3, 12), conv(12, 16, 1, 2), conv(16, 16, 1, 4), conv(16, 16, 1, 8), conv(16, 16), nn.Conv2d(16, 4, 1))

    def forward(self, x):
        return self.body((x - 0.5) / 0.25)


def segmenter():
    model = Segmenter()

    def loss():
        x, labels, _ = batch(12)
        return F.cross_entropy(model(x), labels)

    return train(model, loss, 900)


class Embedder(nn.Module):
    """Sixteen features of what shapes there are, wherever they stand."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(conv(3, 12, 2), conv(12, 24, 2), conv(24, 24), conv(24, 24), conv(24, 16))
        self.told = nn.Linear(16, len(SHAPES))

    def forward(self, x):
        return self.body((x - 0.5) / 0.25).mean((2, 3))


def embedder():
    model = Embedder()

    def loss():
        x, _, boxes = batch(32)
        wanted = torch.tensor([[float(any(b[0] == k for b in own)) for k in range(3)] for own in boxes])
        e = model(x)
        return F.binary_cross_entropy_with_logits(model.told(e), wanted) + 1e-4 * e.abs().sum(1).mean()

    return train(model, loss, 1500)


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.q, self.k, self.v, self.o = (nn.Linear(width, width) for _ in range(4))
        self.up, self.down = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)

    def forward(self, x, off):
        n, s, w = x.shape
        y = self.first(x)
        q, k, v = (f(y).reshape(n, s, self.heads, w // self.heads).transpose(1, 2) for f in (self.q, self.k, self.v))
        a = (q @ k.transpose(2, 3) / math.sqrt(w / self.heads) + off).softmax(3)
        x = x + self.o((a @ v).transpose(1, 2).reshape(n, s, w))
        return x + self.down(F.gelu(self.up(self.second(x))))


class Transformer(nn.Module):
    def __init__(self, words, out, causal, width=32, heads=4, layers=2, length=32):
        super().__init__()
        self.causal = causal
        self.words, self.places = nn.Embedding(words, width), nn.Embedding(length, width)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.last, self.head = nn.LayerNorm(width), nn.Linear(width, out)

    def forward(self, input_ids, attention_mask):
        positions = (attention_mask.cumsum(1) - 1).clamp(min=0)
        off = (attention_mask[:, None, None] - 1) * 1e4
        off = off.to(torch.float32)
        if self.causal:
            s = torch.ones_like(input_ids).cumsum(1)
            off = off + (s[:, None, None, :] > s[:, None, :, None]).to(torch.float32) * -1e4
        x = self.words(input_ids) + self.places(positions)
        for block in self.blocks:
            x = block(x, off)
        return self.head(self.last(x))


ONE = {"cat": "cats", "dog": "dogs", "bird": "birds", "child": "children"}
DOES = {"sleeps": "sleep", "runs": "run", "sings": "sing"}
# What each mostly does, so that which verb follows has an answer.
OWN = {"cat": "sleeps", "dog": "runs", "bird": "sings", "child": "sings"}
SEES = {"sees": "see", "likes": "like"}
PLACES = ["garden", "house", "tree"]


def sentence():
    """the cat that the dogs see sleeps in the garden: the verb is its own noun's, and agrees with it, not with the nearest."""
    pick = lambda some: list(some)[RNG.integers(len(some))]

    def noun():
        many = bool(RNG.integers(2))
        one = pick(ONE)
        return ["the", ONE[one] if many else one], many, one

    subject, many, who = noun()
    words = subject
    way = RNG.integers(3)
    if way == 1:
        other, own, _ = noun()
        sees = pick(SEES)
        words = words + ["that", *other, SEES[sees] if own else sees]
    elif way == 2:
        other, _, _ = noun()
        words = words + ["near", *other]
    does = OWN[who] if RNG.random() < 0.85 else pick(DOES)
    words = words + [DOES[does] if many else does]
    if RNG.integers(2):
        words = words + ["in", "the", pick(PLACES)]
    return words + ["."]


WORDS = ["<pad>", "<unk>", "<s>"] + sorted({*ONE, *ONE.values(), *DOES, *DOES.values(), *SEES, *SEES.values(), *PLACES, "the", "that", "near", "in", "."})


def padded(rows, fill=0):
    length = max(len(row) for row in rows)
    return torch.tensor([row + [fill] * (length - len(row)) for row in rows])


def grammar():
    model = Transformer(len(WORDS), len(WORDS), True)
    number = {word: k for k, word in enumerate(WORDS)}

    def loss():
        ids = padded([[number["<s>"], *(number[word] for word in sentence())] for _ in range(64)])
        z = model(ids, (ids != 0).long())
        return F.cross_entropy(z[:, :-1].flatten(0, 1), ids[:, 1:].flatten(), ignore_index=0)

    return train(model, loss, 2000)


PEOPLE = ["anna", "ben", "clara", "david", "emma", "paris", "jordan"]
TOWNS = ["paris", "london", "rome", "oslo", "jordan", "lima"]
TAGGED = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + sorted({*PEOPLE, *TOWNS, *"lives in met from travels to said that and the town of is nice with".split()})
LABELS = ["O", "B-PER", "B-LOC"]


def tagged():
    """paris met anna in paris: what a name is hangs on the words around it."""
    pick = lambda some: some[RNG.integers(len(some))]
    p, t = lambda: (pick(PEOPLE), 1), lambda: (pick(TOWNS), 2)
    o = lambda text: [(word, 0) for word in text.split()]
    ways = [
        lambda: [p(), *o("lives in"), t()],
        lambda: [p(), *o("met"), p(), *o("in"), t()],
        lambda: [p(), *o("from"), t(), *o("travels to"), t()],
        lambda: [*o("the town of"), t(), *o("is nice")],
        lambda: [p(), *o("said that"), t(), *o("is nice")],
        lambda: [p(), *o("and"), p(), *o("travels to"), t(), *o("with"), p()],
    ]
    return pick(ways)()


def tagger():
    model = Transformer(len(TAGGED), len(LABELS), False)
    number = {word: k for k, word in enumerate(TAGGED)}

    def loss():
        rows = [[("[CLS]", 0), *tagged(), ("[SEP]", 0)] for _ in range(64)]
        ids = padded([[number[word] for word, _ in row] for row in rows])
        wanted = padded([[label for _, label in row] for row in rows], -100)
        return F.cross_entropy(model(ids, (ids != 0).long()).flatten(0, 1), wanted.flatten(), ignore_index=-100)

    return train(model, loss, 600)


def tokenizer(words, special, template):
    token = lambda one: {"SpecialToken": {"id": one, "type_id": 0}}
    single = [token(one) if one != "$" else {"Sequence": {"id": "A", "type_id": 0}} for one in template]
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [{"id": words.index(one), "content": one, "special": True, "normalized": False} for one in special],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": single,
            "pair": single,
            "special_tokens": {one: {"id": one, "ids": [words.index(one)], "tokens": [one]} for one in template if one != "$"},
        },
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": {word: k for k, word in enumerate(words)}, "unk_token": special[1]},
    }


def written(folder, files):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content, indent=1) + "\n")


PIXELS = {"do_resize": True, "size": {"height": SIDE, "width": SIDE}, "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": False, "resample": 2}
names = lambda some: {"id2label": dict(enumerate(some))}


def pictures(folder, model, output, axes, config):
    written(folder, {"preprocessor_config.json": PIXELS, "config.json": config})
    torch.onnx.export(model, (torch.zeros(1, 3, SIDE, SIDE),), str(folder / "model.onnx"), opset_version=17, dynamo=False,
                      input_names=["pixel_values"], output_names=[output], dynamic_axes={"pixel_values": {0: "N"}, output: axes})


def texts(folder, model, token, config):
    written(folder, {"config.json": {**config, "max_position_embeddings": 32}, "tokenizer.json": token, "tokenizer_config.json": {"pad_token": token["added_tokens"][0]["content"]}})
    free = {0: "N", 1: "S"}
    ids = torch.tensor([[2, 5, 6, 7]])
    torch.onnx.export(model, (ids, torch.ones_like(ids)), str(folder / "model.onnx"), opset_version=17, dynamo=False,
                      input_names=["input_ids", "attention_mask"], output_names=["logits"],
                      dynamic_axes={"input_ids": free, "attention_mask": free, "logits": free})


MAKERS = {
    "shapes-detector": lambda to: pictures(to, detector(), "output0", {0: "N"}, names(SHAPES)),
    "shapes-segmenter": lambda to: pictures(to, segmenter(), "logits", {0: "N"}, names(["background", *SHAPES])),
    "shapes-embedder": lambda to: pictures(to, embedder(), "embedding", {0: "N"}, {}),
    "grammar-lm": lambda to: texts(to, grammar(), tokenizer(WORDS, WORDS[:3], ["<s>", "$"]), {}),
    "names-tagger": lambda to: texts(to, tagger(), tokenizer(TAGGED, TAGGED[:4], ["[CLS]", "$", "[SEP]"]), names(LABELS)),
}


def main(out, asked):
    for name in asked or MAKERS:
        print(name, flush=True)
        MAKERS[name](Path(out) / name)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
