"""Teaches the screen what danger means and writes assistant/screening/meaning.json; prints how good it is.

    python -m tests.evals.learn_screen [--threads FILE.jsonl] [--write]

Learns from made-up posts: screen.jsonl, screen_examples.jsonl and, as harmless ones, the examples of intents.yaml and
the posts of asked.yaml. What it prints is cross-validated: no post is judged by a network that saw it or a
near-duplicate, translations included. screen_unseen.jsonl is never looked at.
"""

import argparse
import asyncio
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.screening.meaning import Learned, Matrix, Network, learned_as_json, sentences_of, unit, whole_words
from assistant.screening.patterns import CATEGORIES, category
from retrieval.embeddings import Embedding, multilingual_embedding
from retrieval.vector_cache import VectorCache
from server.drafts.reading import GoodLine, read_threads
from server.evals.screen import find_by_words
from server.policies.files import load_guidance

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TARGET = ROOT / "assistant" / "screening" / "meaning.json"
CODES = [category(name).code for name in CATEGORIES]
HARMLESS = len(CODES)

FOLDS = 5
NEAR_DUPLICATE = 0.6  # cosine of centred vectors; a sentence and its translation lie above it
NETWORKS = 4  # taught apart and joined: each errs differently
HIDDEN = 48
ROUNDS = 25
DANGER_COUNTS = 2  # harmless examples are four times as many
FLAGGED_LOOK_ALIKES = 0.045
WORTH_READING = -6.0
COMPANY = 0.3

Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Example:
    """A made-up post; `code` is None for a harmless one, `kind` the file it comes from."""

    text: str
    language: str
    code: str | None
    kind: str


def read_examples() -> list[Example]:
    examples = [
        Example(row["text"], row["language"], row["expect"] if row["expect"] in CODES else None, kind)
        for kind, name in (("plain", "screen.jsonl"), ("indirect", "screen_examples.jsonl"))
        for row in map(json.loads, (HERE / name).read_text(encoding="utf-8").splitlines())
    ]
    guidance = load_guidance(ROOT / "knowledge")
    everyday = [intent.examples for intent in guidance.intents] + [entry.posts for entry in guidance.asked]
    for posts in everyday:
        for language, texts in posts.items():
            examples.extend(Example(text, language, None, "intent") for text in texts)
    return examples


def learn(vectors: Matrix, labels: Labels) -> Network:
    """A few small networks side by side, as one."""
    centre = vectors.mean(axis=0)
    often = np.where(labels == HARMLESS, 1, DANGER_COUNTS)
    rows, labels = np.repeat(unit(vectors - centre), often, axis=0), np.repeat(labels, often)
    taught = [_teach(rows, labels, seed) for seed in range(NETWORKS)]
    inner, inner_bias, outer, outer_bias = zip(*taught, strict=True)
    return Network(
        centre,
        np.hstack(inner),
        np.concatenate(inner_bias),
        np.vstack(outer) / NETWORKS,
        np.asarray(np.mean(outer_bias, axis=0)),
    )


def _teach(rows: Matrix, labels: Labels, seed: int) -> list[Matrix]:
    """Adam with dropout and decaying weights, in batches of 64."""
    chance = np.random.default_rng(seed)
    width = rows.shape[1]
    weights = [
        6 * chance.standard_normal((width, HIDDEN)).astype(np.float32) * (2 / width) ** 0.5,
        np.zeros(HIDDEN, np.float32),
        chance.standard_normal((HIDDEN, HARMLESS + 1)).astype(np.float32) / HIDDEN**0.5,
        np.zeros(HARMLESS + 1, np.float32),
    ]
    means, squares = [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights]
    step = 0
    for _ in range(ROUNDS):
        order = chance.permutation(len(rows))
        for start in range(0, len(rows), 64):
            batch = order[start : start + 64]
            kept = (chance.random((len(batch), HIDDEN)) > 0.3).astype(np.float32) / 0.7
            step += 1
            for number, slope in enumerate(_slopes(rows[batch], labels[batch], weights, kept)):
                means[number] = 0.9 * means[number] + 0.1 * slope
                squares[number] = 0.999 * squares[number] + 0.001 * slope**2
                pace = means[number] / (1 - 0.9**step) / (np.sqrt(squares[number] / (1 - 0.999**step)) + 1e-8)
                decay = 0.1 * weights[number] if number % 2 == 0 else 0.0
                rate = 0.006 if number == 0 else 0.002  # rows of length 1 are small numbers
                weights[number] = weights[number] - rate * pace - 0.002 * decay
    return weights


def _slopes(rows: Matrix, labels: Labels, weights: Sequence[Matrix], kept: Matrix) -> list[Matrix]:
    inner, inner_bias, outer, outer_bias = weights
    hidden = np.maximum(rows @ inner + inner_bias, 0)
    outputs = (hidden * kept) @ outer + outer_bias
    error = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    error /= error.sum(axis=1, keepdims=True)
    error[np.arange(len(labels)), labels] -= 1
    error /= len(labels)
    back = (error @ outer.T) * kept * (hidden > 0)
    return [rows.T @ back, back.sum(axis=0), (hidden * kept).T @ error, error.sum(axis=0)]


def assign_folds(vectors: Matrix) -> Labels:
    """A fold for each row; rows that are near-duplicates, directly or over others, share theirs."""
    rows = unit(vectors - vectors.mean(axis=0))
    group = np.arange(len(rows))
    for one, other in zip(*np.where(np.triu(rows @ rows.T, 1) > NEAR_DUPLICATE), strict=True):
        if group[one] != group[other]:
            group[group == group[other]] = group[one]
    _, group = np.unique(group, return_inverse=True)
    folds: Labels = np.random.default_rng(0).integers(0, FOLDS, group.max() + 1)[group]
    return folds


def cross_validate(vectors: Matrix, labels: Labels) -> tuple[Matrix, Labels]:
    """Each row's score and nearest category, by a network that did not see its fold."""
    folds = assign_folds(vectors)
    scores, nearest = np.zeros(len(vectors), np.float32), np.zeros(len(vectors), np.int64)
    for fold in range(FOLDS):
        own = folds == fold
        scores[own], nearest[own] = learn(vectors[~own], labels[~own]).read(vectors[own])
    return scores, nearest


def print_figures(examples: Sequence[Example], by_words: NDArray[np.bool_], by_meaning: NDArray[np.bool_]) -> None:
    """Recall by category and wording, and what is flagged of the harmless: words alone, and both."""
    lines: dict[str, list[int]] = defaultdict(list)
    for number, example in enumerate(examples):
        if example.code is not None:
            lines[f"{example.kind:8} {example.code}"].append(number)
            lines[f"{example.kind:8} all danger"].append(number)
        else:
            lines[f"{example.kind:8} harmless"].append(number)
    for name, numbers in sorted(lines.items()):
        words, meaning = by_words[numbers], by_meaning[numbers]
        sys.stdout.write(
            f"{name:28} n {len(numbers):4}  words {words.mean():.3f}  meaning {meaning.mean():.3f}"
            f"  both {(words | meaning).mean():.3f}\n"
        )


async def embed(embedding: Embedding, texts: Sequence[str]) -> Matrix:
    return await VectorCache(embedding, ROOT / ".deskside" / "cache" / "learn_screen.db").embed(texts)


def look_at_threads(file: Path, learned: Learned, embedding: Embedding) -> None:
    """Every hit on real requests, to be read."""
    lines = list(read_threads(file.read_text(encoding="utf-8").splitlines(), now=datetime.now(UTC)))
    requests = [line.thread.request for line in lines if isinstance(line, GoodLine)]
    hits = read_alone = 0
    for request in requests:
        pieces = [whole_words(request), *sentences_of(request)]
        scores, nearest = learned.network.read(asyncio.run(embed(embedding, pieces)))
        scores[1:] += learned.company * min(0.0, float(scores[0]))
        opened = scores[0] >= learned.worth_reading
        read_alone += len(pieces) - 1 if opened else 0
        best = int(scores.argmax()) if opened else 0
        if scores[best] >= learned.threshold:
            hits += 1
            sys.stdout.write(f"{scores[best]:5.2f}  {CODES[nearest[best]]:17} {pieces[best]}\n")
    share = hits / len(requests)
    sys.stdout.write(
        f"{hits} of {len(requests)} ({share:.3f}); sentences read: {read_alone / len(requests):.2f} each\n"
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--threads", type=Path, help="real threads; each hit is printed")
    asked.add_argument("--threshold", type=float, help="instead of the one at 3 % of the harmless look-alikes")
    asked.add_argument("--write", action="store_true", help="write meaning.json")
    given = asked.parse_args()
    embedding = multilingual_embedding()
    if embedding is None:
        sys.exit("the multilingual weights are not installed")
    examples = read_examples()
    labels = np.array([CODES.index(each.code) if each.code else HARMLESS for each in examples])
    vectors = asyncio.run(embed(embedding, [whole_words(each.text) for each in examples]))
    scores, _ = cross_validate(vectors, labels)
    look_alike = np.array([each.code is None and each.kind != "intent" for each in examples])
    threshold = given.threshold or float(np.quantile(scores[look_alike], 1 - FLAGGED_LOOK_ALIKES))
    sys.stdout.write(f"threshold {threshold:.2f}\n")
    by_words = np.array([find_by_words(each.text) is not None for each in examples])
    print_figures(examples, by_words, scores >= threshold)
    learned = Learned(embedding.fingerprint, learn(vectors, labels), round(threshold, 2), WORTH_READING, COMPANY)
    if given.threads:
        look_at_threads(given.threads, learned, embedding)
    if given.write:
        TARGET.write_text(json.dumps(learned_as_json(learned), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
