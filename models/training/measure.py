"""Measures the models that train.py makes, on new samples of the same kinds: python measure.py FOLDER."""
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import train
from train import LABELS, ONE, SHAPES, TAGGED, WORDS, picture, sentence, tagged

train.RNG = np.random.default_rng(1)
session = lambda name: onnxruntime.InferenceSession(Path(sys.argv[1]) / name / "model.onnx")


def overlap(a, b):
    shared = max(0, min(a[2], b[2]) - max(a[0], b[0])) * max(0, min(a[3], b[3]) - max(a[1], b[1]))
    area = lambda r: (r[2] - r[0]) * (r[3] - r[1])
    return shared / (area(a) + area(b) - shared)


def detections(rows):
    """Of [7, anchors] those with a score of .25, of overlapping ones of a class the best (.45)."""
    kept = []
    for score, kind, box in sorted(((s, k, (x - w / 2, y - h / 2, x + w / 2, y + h / 2)) for x, y, w, h, *p in rows.T for k, s in enumerate(p) if s >= 0.25), reverse=True):
        if all(kind != other or overlap(box, there) <= 0.45 for other, there in kept):
            kept.append((kind, box))
    return kept


def pictures(count=500):
    detector, segmenter, embedder = (session(f"shapes-{name}") for name in ("detector", "segmenter", "embedder"))
    right = made = drawn = 0
    hit, either = np.zeros(4), np.zeros(4)
    vectors, kinds = [], []
    for _ in range(count):
        x, labels, boxes = picture()
        feeds = {"pixel_values": x[None]}
        found = detections(detector.run(None, feeds)[0][0])
        open_ = [(kind, (x1, y1, x2, y2)) for kind, x1, y1, x2, y2 in boxes]
        made, drawn = made + len(found), drawn + len(open_)
        for kind, box in found:
            same = next((one for one in open_ if one[0] == kind and overlap(one[1], box) >= 0.5), None)
            if same:
                right += 1
                open_.remove(same)
        won = segmenter.run(None, feeds)[0][0].argmax(0)
        for k in range(4):
            hit[k] += ((won == k) & (labels == k)).sum()
            either[k] += ((won == k) | (labels == k)).sum()
        vectors.append(embedder.run(None, feeds)[0][0])
        kinds.append(frozenset(box[0] for box in boxes))
    print(f"shapes-detector: precision {right / made:.3f}, recall {right / drawn:.3f} at IoU .5 ({drawn} shapes)")
    print(f"shapes-segmenter: IoU {dict(zip(['background', *SHAPES], (hit / either).round(3)))}")
    unit = np.stack(vectors) / np.linalg.norm(vectors, axis=1, keepdims=True)
    near = unit @ unit.T - 2 * np.eye(count)
    same = [kinds[int(row.argmax())] == kinds[n] for n, row in enumerate(near)]
    print(f"shapes-embedder: the nearest of {count - 1} others has the same kinds of shapes in {np.mean(same):.3f}; by chance {np.mean([[a == b for a in kinds] for b in kinds]):.3f}")


def texts(count=1000):
    lm, tagger = session("grammar-lm"), session("names-tagger")
    run = lambda s, ids: s.run(None, {"input_ids": np.array([ids]), "attention_mask": np.ones((1, len(ids)), np.int64)})[0][0]
    right = own = crossed = all_crossed = 0
    many = {word for word in ONE.values()}
    for _ in range(count):
        words = sentence()
        verb = next(k for k, word in reversed(list(enumerate(words))) if word in train.DOES or word in train.DOES.values())
        z = run(lm, [WORDS.index(word) for word in ["<s>", *words[:verb]]])[-1]
        one = words[verb] in train.DOES
        said = z[[WORDS.index(word) for word in train.DOES]].max() > z[[WORDS.index(word) for word in train.DOES.values()]].max()
        nouns = [word in many for word in words[:verb] if word in many or word in ONE]
        right += said == one
        noun = next(word for word in words if word in many or word in ONE)
        does = train.OWN[next(each for each in ONE if noun in (each, ONE[each]))]
        # After "the cat" another noun may come first: of the verbs the best is meant.
        verbs = [*train.DOES, *train.DOES.values()]
        own += max(verbs, key=lambda word: z[WORDS.index(word)]) == (does if noun in ONE else train.DOES[does])
        if nouns[0] != nouns[-1]:
            all_crossed += 1
            crossed += said == one
    print(f"grammar-lm: the verb agrees in {right} of {count} and is what the noun mostly does in {own}; where another noun stands between in another number, in {crossed} of {all_crossed}")
    good = all_ = 0
    for _ in range(count):
        words = tagged()
        z = run(tagger, [TAGGED.index(word) for word in ["[CLS]", *(word for word, _ in words), "[SEP]"]])[1:-1]
        good += sum(int(row.argmax()) == label for row, (_, label) in zip(z, words))
        all_ += len(words)
    print(f"names-tagger: {good} of {all_} words ({', '.join(LABELS)})")


pictures()
texts()
