"""What a run was checked for: gates, and limits on what may have got worse."""

from typing import NamedTuple


class Checks(NamedTuple):
    """What came of the gates and limits of a run.

    Attributes:
        held: A sentence for each gate that holds.
        failed: A sentence for each way in which a gate or limit does not.
        errors_allowed: Whether a gate that holds allows trials that ended in an error.
    """

    held: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    errors_allowed: bool = False
