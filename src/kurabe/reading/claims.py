"""What a sentence claims about the pair, and how several claims add up to a verdict."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kurabe.common.vocabulary import Verdict

OPPOSITE: dict[Verdict, Verdict] = {"same": "different", "different": "same"}


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim.

    Attributes:
        verdict: What it says; None if it is a doubt, or an objection that says nothing of the whole.
        answer: True for an explicit yes or no, which no later sentence may take back.
        contrast: True if it comes after "but": it may restrict what was said before.
    """

    verdict: Verdict | None
    answer: bool = False
    contrast: bool = False


DOUBT = Claim(None)
OBJECTION = Claim(None, contrast=True)


def settle(claims: Iterable[Claim]) -> tuple[Verdict | None, str]:
    """Return the verdict that all claims together allow.

    "They look the same, but one pin differs" is different: the contrast settles it. "No, but …" is not
    settled, and neither is "Yes. They are identical."

    Returns:
        The verdict, or None and the reason.
    """
    kept: list[Claim] = []
    for claim in claims:
        if claim.contrast and claim.verdict == "different":
            kept = [before for before in kept if before.answer or before.verdict != "same"]
        if claim != OBJECTION:
            kept.append(claim)
        elif any(before.verdict == "same" for before in kept):
            return None, "what it says is restricted by a 'but' that names no verdict"
    verdicts = {claim.verdict for claim in kept if claim.verdict is not None}
    if any(claim.verdict is None for claim in kept):
        return None, "it expresses doubt"
    if len(verdicts) > 1:
        return None, "it says both same and different"
    if not verdicts:
        return None, "it says neither same nor different"
    return verdicts.pop(), ""


def contrasted(claim: Claim) -> Claim:
    """Return the claim as one that follows a "but"."""
    return replace(claim, contrast=True)
