"""Fewer cases where answers take long: a suite says how many, spread over everything that its cases are."""

from collections import Counter
from collections.abc import Sequence

from kurabe.cases.case import Case


def quick_cases(cases: Sequence[Case], number: int | None) -> list[Case]:
    """Return so many of the cases, always the same ones, in their order.

    They are spread first over the reference pictures, then over good and bad, then over the tags, each in
    proportion: the next case is the one of which least has been taken so far.

    Args:
        cases: The cases of a suite.
        number: How many; None for all.
    """
    if number is None or number >= len(cases):
        return list(cases)
    # A case's own tags; those of its suite are the same for all.
    verdicts = {case.id: str(case.expect.known_verdict) for case in cases}
    totals = Counter(verdicts.values()) + Counter(tag for case in cases for tag in case.tags)
    # Sets of good parts may be long, so they are told apart once.
    numbers: dict[tuple[str, ...], int] = {}
    good = {case.id: numbers.setdefault(case.good, len(numbers)) for case in cases}
    references: Counter[int] = Counter()
    taken: Counter[str] = Counter()

    def place(case: Case) -> tuple[int, float, float]:
        shares = [taken[tag] / totals[tag] for tag in case.tags]
        verdict = verdicts[case.id]
        share = sum(shares) / max(1, len(shares))
        return references[good[case.id]], taken[verdict] / totals[verdict], share

    left = list(cases)
    for _ in range(number):
        chosen = min(left, key=place)  # of equals the first
        left.remove(chosen)
        references[good[chosen.id]] += 1
        taken.update([verdicts[chosen.id], *chosen.tags])
    gone = {case.id for case in left}
    return [case for case in cases if case.id not in gone]
