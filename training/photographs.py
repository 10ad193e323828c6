"""What an adapter learns from a few real photographs: trains adapters of tiny-phi3v on the splits of a table.

    python -m training.splits PAIRS.csv --out FOLDER/splits.json
    python -m training.photographs --splits FOLDER/splits.json --pictures FOLDER --out FOLDER --compile

Each split is trained from the base and, with ``--adapter``, from the base with an adapter put on it, which
has learned on rendered connectors; both are also asked without any training. FOLDER gets
``photographs.json``, written after each training: how far each pair leans to different, in logits; what is in
it is not trained again.
``python -m perf.photographs`` asks ``good-parts`` about the same pairs and writes the page.
"""

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from kurabe.cases.prompts import load_prompts
from kurabe.common.vocabulary import Relation
from training.connectors.batches import LENGTHS, Batch
from training.connectors.draw import MOST
from training.connectors.rows import Row
from training.course import ROOT, Course, Name
from training.items import Turn
from training.splits import Shown, Split, read
from training.tiny import encode

SIZE = (252, 336)
"""Height and width that a picture is fitted into: as large as the model sees it."""

STEPS = 60
WARM = 10
RANK = 64


class Album:
    """All pictures of some splits on the device, and the words that go with them."""

    def __init__(self, splits: Sequence[Split], folder: Path, processor: Any, device: str) -> None:
        pairs = [pair for split in splits for pair in (*split.train, *split.asked)]
        names = sorted({name for pair in pairs for name in (pair.reference, pair.test)})
        self.places = {name: place for place, name in enumerate(names)}
        pictures = np.stack([fitted(folder / name) for name in names])
        self.pictures = torch.from_numpy(pictures).permute(0, 3, 1, 2).contiguous().to(device)
        self.device, self.pad = device, int(processor.tokenizer.pad_token_id)
        prompts = load_prompts(ROOT / "cases" / "prompts.yaml")
        self.rows: dict[tuple[bool, bool], Row] = {}
        self.words: tuple[int, int] = (0, 0)
        for aligned in (False, True):
            relation: Relation = "aligned" if aligned else "instance"
            prompt = prompts.render("verdict", "en", "separate", relation, (), None)
            for different in (False, True):
                said = (prompt.yes if different else prompt.no)[0]
                self.rows[aligned, different] = encode("phi3v", processor, Turn(prompt.text, said), 2)
            first = [processor.tokenizer.encode(text[0], add_special_tokens=False)[0] for text in
                     (prompt.yes, prompt.no)]  # fmt: skip
            self.words = (int(first[0]), int(first[1]))

    def batch(self, pairs: Sequence[Shown]) -> Batch:
        """Return pairs as a batch; no box is known."""
        ids = torch.full((len(pairs), LENGTHS[True]), self.pad)
        starts = []
        for line, pair in zip(ids, pairs, strict=True):
            row, start = self.rows[pair.aligned, pair.different]
            line[: len(row)] = torch.tensor(row)
            starts.append(start)
        places = [(self.places[pair.reference], self.places[pair.test]) for pair in pairs]
        shown = torch.tensor(places, device=self.device)
        boxes = torch.full((len(pairs), MOST, 5), -1.0, device=self.device)
        which = torch.arange(2 * len(pairs), device=self.device).view(-1, 2)
        answers = torch.tensor(starts, device=self.device)
        return Batch(self.pictures[shown.flatten()], which, ids.to(self.device), answers, boxes)

    def drawn(self, pairs: Sequence[Shown], amount: int, rng: np.random.Generator) -> Batch:
        """Return drawn pairs, as often good as bad ones and of each family alike, half of them mirrored."""
        groups: dict[tuple[str, bool], list[Shown]] = {}
        for pair in pairs:
            groups.setdefault((pair.family, pair.different), []).append(pair)
        names = sorted(groups)
        chosen = []
        for number in range(amount):
            group = groups[names[number % len(names)]]
            chosen.append(group[int(rng.integers(len(group)))])
        batch = self.batch(chosen)
        pictures = batch.pictures.view(amount, 2, *batch.pictures.shape[1:])
        for axis in (-1, -2):
            turned = torch.from_numpy(rng.random(amount) < 0.5).to(self.device)[:, None, None, None, None]
            pictures = torch.where(turned, pictures.flip(axis), pictures)
        return batch._replace(pictures=pictures.flatten(0, 1))


def fitted(path: Path) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Return a picture as (H, W, 3), as large as it can be in `SIZE` and in the middle of white."""
    with Image.open(path) as opened:
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    small = ImageOps.contain(picture, SIZE[::-1], Image.Resampling.BICUBIC)
    return np.asarray(ImageOps.pad(small, SIZE[::-1], Image.Resampling.BICUBIC, color="white"))


def leans(course: Course, album: Album, pairs: Sequence[Shown], size: int = 64) -> list[float]:
    """Return how much further each pair leans to different than to same, in logits."""
    found: list[Tensor] = []
    for start in range(0, len(pairs), size):
        batch = album.batch(pairs[start : start + size])
        for aligned in (False, True):
            of = [
                number for number, pair in enumerate(pairs[start : start + size]) if pair.aligned == aligned
            ]
            if of:
                where = torch.tensor(of, device=album.device)
                begins = int(batch.answers[of[0]])
                said = course.told(batch.pictures, batch.which[where], batch.ids[where], begins, *album.words)
                found.append(torch.stack([where + start, said[:, 0] - said[:, 1]], 1).float().cpu())
    whole = torch.cat(found)
    return [round(float(lean), 3) for lean in whole[whole[:, 0].argsort(), 1]]


def main() -> None:
    """Train and ask; see the module's text."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--splits", type=Path, required=True)
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--adapter", type=Path, help="to begin from, too")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--only", help="splits whose names begin so")
    parser.add_argument("--until", type=float, default=float("inf"), help="seconds after which none begins")
    parser.add_argument("--compile", action="store_true")
    chosen = parser.parse_args()
    torch.set_float32_matmul_precision("high")
    torch._dynamo.config.suppress_errors = True
    torch._dynamo.config.cache_size_limit = 64
    begun = time.monotonic()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    course = Course(Name("plain", RANK, 0), device, chosen.compile)
    splits = [split for split in read(chosen.splits) if split.name.startswith(chosen.only or "")]
    album = Album(splits, chosen.pictures, course.processor, device)
    record = chosen.out / "photographs.json"
    known: list[dict[str, Any]] = json.loads(record.read_text()) if record.exists() else []
    done = {(facts["start"], facts["split"]) for facts in known}
    card = torch.cuda.get_device_name() if device == "cuda" else "CPU"
    for start in ("base", "adapter") if chosen.adapter else ("base",):
        if start == "adapter":
            course.put_on(chosen.adapter)
        for split in splits:
            if (start, split.name) in done:
                continue
            if time.monotonic() - begun > chosen.until:
                print(f"{split.name} and what follows: no time left", flush=True)
                return
            facts = {"split": split.name, "family": split.family, "size": split.size, "seed": split.seed}
            facts |= {"start": start, "steps": chosen.steps, "batch": chosen.batch, "card": card}
            facts |= {"untrained": _untrained(course, album, split), **_trained(course, album, split, chosen)}
            known.append(facts)
            chosen.out.mkdir(parents=True, exist_ok=True)
            lines = ",\n".join(json.dumps(each) for each in known)
            record.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
            said = np.array(facts["leans"]) > 0
            different = np.array([pair.different for pair in split.asked])
            balanced = np.mean([(said == different)[different == side].mean() for side in (False, True)])
            seconds = time.monotonic() - begun
            print(f"{seconds:5.0f} s  {start} {split.name} {balanced:.2f} loss {facts['loss']}", flush=True)


def _untrained(course: Course, album: Album, split: Split) -> list[float]:
    course.begin(0)
    return leans(course, album, split.asked)


def _trained(course: Course, album: Album, split: Split, chosen: argparse.Namespace) -> dict[str, Any]:
    course.begin(split.seed)
    rng = np.random.default_rng([split.seed, split.size, 47])
    for step in range(chosen.steps):
        batch = album.drawn(split.train, chosen.batch, rng)
        course.learn(batch, step / chosen.steps, min(1.0, (step + 1) / WARM), spots=False)
    loss = float(torch.stack(course.losses[-10:]).mean(0)[0])
    course.losses.clear()
    return {"leans": leans(course, album, split.asked), "loss": round(loss, 4)}


if __name__ == "__main__":
    main()
