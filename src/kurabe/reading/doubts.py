"""The last look at a verdict: what all readings together may have taken for more than it is.

A cell that shows nothing compares nothing, what was looked for in vain is not there, and who does not think
that two things differ has not said that they do. Each doubt leaves an answer unparsed, and none decides.
"""

from kurabe.reading.patterns import later
from kurabe.reading.settle import Settled

_UNSEEN = later(
    r"(?i): ?(?:not visible|not shown|not clear|not legible|cannot be seen|can't be seen|unclear|unknown"
    r"|hidden|n/a|obscured|確認でき(?:ず|ない|ません)|不明|見え(?:ず|ない|ません)|写って(?:おらず|いない|いません)|判別不可"
    r"|判読不可)”"
)
_NOT_THOUGHT = later(
    r"(?i)\bi (?:don't|do not|wouldn't|would not) (?:think|believe|say|feel)(?: that)? (?:the |these |those "
    r"|both |any of )?[\w ]{1,30}?\b(?:differs?|(?:is|are) (?:really |any )?different|(?:has|have) changed)\b"
)
_IN_VAIN = later(
    r"(?i)\b(?:tried|attempted|wanted|looked|searched|sought|hunted)\b[^.!?]{3,120}\b(?:and|but)"
    r" (?:i )?(?:failed|found none|found nothing|could(?: not|n't)|did(?: not|n't)|without success|in vain)\b"
)
_CONDITIONS = later(
    r"(?i)“[^”]*\b(?:photo|photographic|photography|shooting|recording|imaging|image|picture|capture|viewing"
    r"|lighting) (?:and \w+ )?conditions?\b"
)
_EXCHANGED = later("(?<!画像)(?<!写真)[がは](?:左右|上下|前後)?(?:が)?(?:逆|反対|入れ替わ|入れ違)")
_COUNTING = later(r"[、,] ?\d+$")
_ANSWERED = later(r"[^“]*answer word")
"""The rule of an explicit yes or no, which what stands around it does not put in doubt."""


def doubted(settled: Settled, text: str) -> Settled:
    """Return a verdict, or why it is not to be trusted.

    Args:
        settled: What all readings say.
        text: The answer.
    """
    if settled.verdict == "same":
        turned = settled.rule.startswith("only the picture") and _EXCHANGED.search(text)
        return Settled(None, "what is the other way round may be the thing") if turned else settled
    if settled.verdict is None:
        return settled
    if _UNSEEN.search(settled.rule):
        return Settled(None, "what it compares is not to be seen in one of the pictures")
    if _COUNTING.search(text.rstrip()):
        return Settled(None, "it ends in the middle of a sentence")
    if _CONDITIONS.search(settled.rule):
        return Settled(None, "what it says to differ is how the pictures were taken")
    if _ANSWERED.match(settled.rule):
        return settled
    for doubt, why in ((_NOT_THOUGHT, "it does not think so"), (_IN_VAIN, "it looked for something in vain")):
        if found := doubt.search(text):
            return Settled(None, f"{why}: “{found[0][:80]}”")
    return settled
