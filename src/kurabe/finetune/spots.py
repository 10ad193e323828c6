"""Where the differences of a case lie in what is shown: what a training asks the tokens of the test picture.

A model that is told of a pair nothing but "different" has to find out from that alone that it is to compare.
Asked where, it is told so by every token.
"""

from collections.abc import Iterable

from kurabe.cases.case import Case
from kurabe.common.errors import ModelError
from kurabe.common.vocabulary import Box
from kurabe.finetune.records import TrainingRecord, TrialPictures
from kurabe.imaging.content import Shown
from kurabe.imaging.layout import test_offset
from kurabe.models import families
from kurabe.models.families.family import Family, Marked


def boxes_of(case: Case) -> tuple[Box, ...] | None:
    """Return the boxes of a case's differences in pixels of its test picture; None if not all are known."""
    verdict, differences = case.expect.known_verdict, case.expect.differences
    if verdict == "same":
        return ()
    boxes = tuple(each.box for each in differences or () if each.box is not None)
    return boxes if boxes and len(boxes) == len(differences or ()) else None


def known_boxes(record: TrainingRecord) -> tuple[Box, ...] | None:
    """Return what `boxes_of` says of a record's case; None also where no pair is shown."""
    source = record.source
    if not isinstance(source, TrialPictures) or record.question == "describe":
        return None
    case = source.trial.case
    return boxes_of(case) if case.is_pair else None


def marked(record: TrainingRecord, shown: Shown) -> Marked | None:
    """Return where the differences of a record lie in what it shows; None if that is not known.

    The picture that is asked is the test picture. Of an aligned pair a difference lies at the same place in
    both, so with exchanged pictures the second is asked all the same: its tokens come after those of the
    first, and can be compared with them. Processed pictures may have been registered; the few pixels by which
    a box is off then are less than a token.

    Args:
        record: The record.
        shown: What it shows.
    """
    boxes, source = known_boxes(record), record.source
    if boxes is None or not isinstance(source, TrialPictures):
        return None
    trial = source.trial
    place = 0 if trial.swapped and trial.suite.relation(trial.case) == "instance" else 1
    first, second = (picture.size for picture in shown.pair)
    left, top = test_offset(trial.layout, (first, second)) if place else (0, 0)
    width, height = shown.pair[place].size
    # A processor may have scaled the picture. Where the raw files cannot be read, no scale is known.
    raw = shown.raw[1].size if len(shown.raw) == 2 else (width, height)
    across, down = width / raw[0], height / raw[1]
    moved = (
        Box(left + x1 * across, top + y1 * down, left + x2 * across, top + y2 * down)
        for x1, y1, x2, y2 in boxes
    )
    return Marked(
        place if trial.layout == "separate" else 0,
        Box(left, top, left + width, top + height),
        tuple(moved),
    )


def check_boxes(records: Iterable[TrainingRecord]) -> None:
    """Refuse records of which none says where a difference lies.

    Raises:
        ModelError: With what to do.
    """
    if not any(known_boxes(record) for record in records):
        raise ModelError(
            "--spots asks where the differences lie, but no train case says so: give each difference of a "
            "case its 'box', in pixels of the test picture, or leave --spots out"
        )


def check_family(family: Family) -> None:
    """Refuse a model of whose tokens it is not known which part of a picture they stand for.

    Raises:
        ModelError: With what to do.
    """
    if family.spot_labels is None:
        known = sorted(name for name in families.KNOWN if families.of(name).spot_labels is not None)
        raise ModelError(
            f"--spots asks the tokens of a picture where the differences lie, and for {family.model_type} it "
            f"is not known which token stands where (known: {', '.join(known)}): leave --spots out"
        )
