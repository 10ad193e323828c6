"""Records whose pictures are made, processed and cut up once, for several trainings at the same time.

The pictures lie as bytes in a file that processes map: those that prepare write to it side by side, and a
training moves what it needs to its GPU as a whole.
"""

import multiprocessing
from collections.abc import Hashable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from kurabe.cases.prompts import load_prompts
from kurabe.cases.suites import Suite
from kurabe.finetune.encoding import Encoder, Rows, Tensors, encoder_for
from kurabe.finetune.linking import raw_against_processed
from kurabe.finetune.records import TrainingRecord, TrialPictures, Wanted, records_of
from kurabe.finetune.spotting import token_labels
from kurabe.imaging.content import Shown
from kurabe.models.adapters.card import picture_hash
from kurabe.models.families.phi3v_core.image_tokens import cut_bytes, normalise
from kurabe.project import processor_names
from training.tiny import CROPS, SIDE

ROOT = Path(__file__).resolve().parents[1]
VARIANTS = ("raw", "n-soartc", "soart3")
_SHAPE = (CROPS, 3, SIDE, SIDE)
_GRID = 2
"""Crops along a side, of pictures in the suites' size."""


Text = tuple[str, str, tuple[tuple[int, int], ...]]
"""Prompt, answer and the pictures' sizes: what a row's tokens depend on."""


@dataclass(slots=True)
class Prepared:
    """Records with what they are encoded to, but for the pictures, which stand in a file.

    Attributes:
        records: Of the connector suite and of the links.
        rows: By record's id: its text, the numbers of its two pictures, and the labels of its tokens, which
            depend on where the case's differences lie.
        texts: Arrays of a text; `take_up` makes tensors of them.
        images: By link: hashes of all pictures that are seen.
    """

    records: list[TrainingRecord]
    rows: dict[str, tuple[Text, tuple[int, ...], Any]]
    texts: dict[Text, dict[str, Any]]
    images: dict[str, set[str]]


class SharedRows(Rows):
    """Rows whose pictures were cut up before, as bytes; on a GPU, they wait there.

    `normalising` lets the model take them.
    """

    store: torch.Tensor
    prepared: Prepared

    def __getitem__(self, index: int) -> Tensors:
        """Return a row."""
        text, places, spots = self.prepared.rows[self.records[index].id]
        # Views are put together: an index would first go to the GPU, and wait for all that it has to do.
        pictures = torch.stack([self.store[place] for place in places])
        return {**self.prepared.texts[text], "spots": torch.from_numpy(spots), "pixel_values": pictures}


def to_device(records: Sequence[TrainingRecord], device: torch.device) -> None:
    """Move the pictures of some records from the file to the GPU."""
    prepared, shared = SharedRows.prepared, SharedRows.store
    used = sorted({place for record in records for place in prepared.rows[record.id][1]})
    moved = torch.empty(len(used), *_SHAPE, dtype=shared.dtype, device=device)
    for start in range(0, len(used), 256):
        part = used[start : start + 256]
        moved[start : start + len(part)] = shared[part].to(device)
    number = {place: new for new, place in enumerate(used)}
    for record in {record.id: record for record in records}.values():
        text, places, spots = prepared.rows[record.id]
        prepared.rows[record.id] = text, tuple(number[place] for place in places), spots
    SharedRows.store, SharedRows.on_device = moved, device.type == "cuda"


def shared(path: Path, amount: int) -> torch.Tensor:
    """Return uint8 (amount, crops, 3, side, side) in a file that processes write to and read together."""
    size = amount * torch.Size(_SHAPE).numel()
    mapped = torch.from_file(str(path), shared=True, size=size, dtype=torch.uint8)
    return mapped.view(amount, *_SHAPE)


def normalising(model: Any, processor: Any) -> Any:
    """Let a model's image embedding take crops as bytes; returns what takes that back."""
    embedding = model.model.vision_embed_tokens
    mean, std = (
        torch.tensor(values, device=embedding.glb_GN.device)
        for values in (processor.image_mean, processor.image_std)
    )

    def normalised(_module: Any, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        pixels, *others = arguments
        if pixels.dtype == torch.uint8:
            pixels = normalise(pixels, _GRID, _GRID, mean, std)
        return (pixels, *others)

    return embedding.register_forward_pre_hook(normalised)


_store: torch.Tensor
_encoder: Encoder


def _encode(task: tuple[Suite, str, int]) -> Prepared:
    """Make and encode the records of a part of a suite; its pictures go to places from a number on."""
    suite, link, first = task
    torch.set_num_threads(1)
    wanted = Wanted("separate", VARIANTS, (), processor_names())
    common = load_prompts(ROOT / "cases" / "prompts.yaml")
    records = records_of(suite, common.overlay(suite.file.prompts, suite.path, ("prompts",)), wanted, link)
    if not link:
        records += raw_against_processed(records)
    made = Prepared(records, {}, {}, {link: set()})
    processor = _encoder.processor
    places: dict[str, int] = {}
    known: dict[Hashable, tuple[Shown, tuple[int, ...]]] = {}

    def look(record: TrainingRecord) -> tuple[Shown, tuple[int, ...]]:
        """Make a record's pictures and cut up those that are new."""
        shown = record.source.show()
        numbers = []
        for picture in shown.pictures:
            digest = picture_hash(picture)
            if digest not in places:
                places[digest] = first + len(places)
                crops, tiling = cut_bytes(picture, CROPS, SIDE)
                assert tiling.rows == tiling.columns == _GRID, f"{record.id} is not of the suites' size"
                _store[places[digest]] = crops
            numbers.append(places[digest])
        telling = (p for p in (*shown.raw, *shown.pair) if len(p.convert("RGB").getcolors(2) or "many") > 1)
        made.images[link].update(map(picture_hash, telling))
        return shown, tuple(numbers)

    for record in records:
        # Many questions are asked about the same pictures.
        key = _pictures_of(record)
        if key not in known:
            known[key] = look(record)
        shown, numbers = known[key]
        text = (record.prompt.text, record.target, tuple(picture.size for picture in shown.pictures))
        if text not in made.texts:
            encoded = _encoder.encode(record)
            # As arrays: tensors would travel between processes as open files.
            made.texts[text] = {key: v.numpy() for key, v in encoded.items() if key != "pixel_values"}
        ids = torch.from_numpy(made.texts[text]["input_ids"])
        spots = token_labels(_encoder.family, processor, _encoder.crops, record, shown, ids)
        made.rows[record.id] = (text, numbers, spots.numpy())
    return made


def _pictures_of(record: TrainingRecord) -> Hashable:
    """Return what a record's pictures depend on, within a suite."""
    source = record.source
    assert isinstance(source, TrialPictures)
    trial = source.trial
    alone = trial.question == "describe"
    return trial.case.id, trial.variant, trial.control, trial.swapped, source.raw_side, alone


def prepare(
    parts: Sequence[tuple[Suite, str]], processes: int, model: Any, processor: Any, file: Path
) -> tuple[Prepared, int]:
    """Encode all records in forked processes.

    Args:
        parts: Suites, and the link that each belongs to.
        processes: Number.
        model: The base.
        processor: Its own.
        file: Takes the pictures.

    Returns:
        The records, and the number of pictures that the file has room for.
    """
    global _store, _encoder
    tasks, first = [], 0
    for suite, link in parts:
        # Cases of one reference stay together: it is held against itself once.
        learned = [case for case in suite.cases if suite.split(case) == "train"]
        ordered = sorted(learned, key=lambda case: str(case.reference))
        chunk = 4 * max(1, len(ordered) // (4 * 8 * processes))
        for start in range(0, len(ordered), chunk):
            cases = tuple(ordered[start : start + chunk])
            tasks.append((replace(suite, cases=cases), link, first))
            # Of a test: raw, and both pictures of two processed forms. Of references at worst as many.
            first += len(cases) * 5 + (len(cases) // 2 + 2) * 6
    _store, _encoder = shared(file, first), encoder_for(model, processor, None)
    whole = Prepared([], {}, {}, {})
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("fork")) as pool:
        for part in pool.map(_encode, tasks):
            whole.records += part.records
            whole.rows |= part.rows
            for link, images in part.images.items():
                whole.images.setdefault(link, set()).update(images)
            whole.texts |= part.texts
    return whole, first


def take_up(prepared: Prepared, file: Path, amount: int) -> None:
    """Let `SharedRows` give what `prepare` made."""
    prepared.texts = {
        text: {key: torch.from_numpy(array) for key, array in arrays.items()}
        for text, arrays in prepared.texts.items()
    }
    SharedRows.prepared, SharedRows.store = prepared, shared(file, amount)
