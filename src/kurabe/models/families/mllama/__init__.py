"""Llama-3.2-Vision (``mllama``): transformers' own model, corrected, and our loops over it.

transformers knows the family, so nothing is registered with its Auto classes; `apply` corrects its features.
"""

from kurabe.models.families.mllama.correction import (
    States,
    apply,
    group_by_images,
    intermediate_states,
    prepare_batch,
    with_all_tiles,
)
from kurabe.models.families.mllama.family import FAMILY, Mllama

__all__ = [
    "FAMILY",
    "Mllama",
    "States",
    "apply",
    "group_by_images",
    "intermediate_states",
    "prepare_batch",
    "with_all_tiles",
]
