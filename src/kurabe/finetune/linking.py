"""Linking pairs: what teaches a model that a raw picture and a processed one show the same thing.

If A = B and B = C are learned, A = C need not be: a raw picture (A) is held against its processed form (B),
so that what was learned of the one carries over to the other.
"""

import dataclasses
from collections.abc import Sequence

from kurabe.cases.trials import RAW
from kurabe.finetune.records import TrainingRecord, TrialPictures

RAW_PROCESSED = "raw-processed"
"""The linking of raw and processed pictures; its suite is `LINKING`."""

LINKING = "linking"
"""The suite whose train cases belong to it: pairs of raw and processed pictures of anything."""


def raw_against_processed(records: Sequence[TrainingRecord]) -> list[TrainingRecord]:
    """Return for each record of a processed pair one with a raw reference, and one with a raw test.

    What is right to answer stays the same: whether the part has changed does not depend on how its pictures
    were processed. Records of exchanged pairs and of single pictures have no such counterpart.
    """
    made = []
    for record in records:
        source = record.source
        if not isinstance(source, TrialPictures) or record.variant == RAW or record.question == "describe":
            continue
        if source.trial.swapped or record.link:
            continue
        for side, variant in enumerate((f"{RAW}/{record.variant}", f"{record.variant}/{RAW}")):
            made.append(
                dataclasses.replace(
                    record,
                    id=f"{record.id}-{RAW_PROCESSED}-{side + 1}",
                    source=dataclasses.replace(source, raw_side=side),
                    variant=variant,
                    link=RAW_PROCESSED,
                )
            )
    return made
