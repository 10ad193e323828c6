"""LoRA adapters on a shared base: loaded whole or not at all, switched without reloading.

PEFT computes the adapters. What it leaves open is decided here: which module of today's model a saved name
means, whether every saved tensor arrived, and whether a file holds all that its configuration promises.
"""

from kurabe.models.adapters.file import AdapterFile, inspect_adapter
from kurabe.models.adapters.switching import (
    AttachReport,
    attach,
    attached,
    in_use,
    mixed,
    use,
    why_not_mixed,
)

__all__ = [
    "AdapterFile",
    "AttachReport",
    "attach",
    "attached",
    "in_use",
    "inspect_adapter",
    "mixed",
    "use",
    "why_not_mixed",
]
