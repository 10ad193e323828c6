"""The last look at a verdict: what all readings together may have taken for more than it is.

A cell that shows nothing compares nothing, what was looked for in vain is not there, and who does not think
that two things differ has not said that they do. Each doubt leaves an answer unparsed, and none decides.
"""

import re

from kurabe.reading.outright import states_sameness
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
_OF_THE_PICTURE = later(
    r"(?i)“(?!even ignoring|ignoring|setting aside)[^”]*(?<!dead )(?<!stuck )\bpixels?\b"
    r"|“what (?:varies|differs|changes|has changed) is (?:only )?(?:the )?(?:illumination|light\w*|exposure"
    r"|brightness|shadows?|noise|framing|viewpoint|camera\b[\w ]*)\b"
    "|“(?![^”]*(?:差し引いて|除いて|抜きに|別に|無視して|考慮して)も?、)[^”]*(?:光の方向|写っている範囲|ピント|照り返し|影の落ち方|間違えやす)"
)
_NO_FAULT = later(
    r"(?i)^difference stated: “(?![^”]*(?:n't|not) free)[^”]*\bfree (?:of|from)\b"
    r"|“[^”]*\b(?:is|are) (?:repeated|mirrored|echoed|reproduced) in\b"
    "|“[^”]*(?:汚れ|傷|ほこり|錆|さび|サビ|指紋|油|しみ|シミ)[はも]?付いて(?:い)?(?:ません|ない)"
    "|“[^”]*そうではない|“一見"
)
_PUT_ASIDE = later(
    "^restricted sameness: “[^”]*(?:関係(?:は)?(?:ありません|ない)|関わりません|関わらない|考慮し"
    "|数え(?:て|ま|な)|数に入れ|一部では(?:ありません|ない)|問題に(?:は)?なら?(?:ない|りません)|重要では|にすぎ(?:ません|ない)|無視し"
    "|触れて(?:いません|いない))"
)
_IN_GENERAL = later(
    "“[^”]*(?:とされ(?:ます|ています|る)|(?:通常|一般に|一般的に)[^”]{0,40}(?:行われ|使われ|用いられ))"
)
_OF_THE_RULE = (
    (_OF_THE_PICTURE, "what it says to differ is of the picture"),
    (_NO_FAULT, "what it names may be no fault"),
    (_PUT_ASIDE, "what restricts it is put aside"),
    (_IN_GENERAL, "it speaks of inspections in general"),
)
_OF_THE_TEXT = (
    (_NOT_THOUGHT, "it does not think so"),
    (_IN_VAIN, "it looked for something in vain"),
)
_TURNED_AT_LAST = later(
    "(?:一致し|合わ)ない(?:点|箇所|か所|部分|ところ)が|(?:変わった|変化した|違う|異なる|違っている)のは、"
    "|(?:への|の)変化は、[^。\n]{2,30}(?:こと|点)(?:です|だ)|しかし、[^。\n]{2,24}は、?[^。、\n]{2,24}と違って"
)
_OF_LIGHT = later(
    "(?:明る|暗|光|照明|影|反射|ノイズ|ずれ|ズレ|位置|角度|向き|撮|写真|画像の(?:写|画|質|色)|画質|ピント|ぼけ|色味|色合い"
    "|露出|背景|カメラ|構図|だけ|のみ|くらい|程度)"
)
_GOES_ON = later("(?:しかし|ところが|ただし)、")
_SAYS_YES = later("「はい」(?:です|と(?:回答|答え|判断))")
_ANSWERED = later(r"[^“]*answer word")
"""The rule of an explicit yes or no, which what stands around it does not put in doubt."""


def doubted(settled: Settled, text: str) -> Settled:
    """Return a verdict, or why it is not to be trusted.

    Args:
        settled: What all readings say.
        text: The answer.
    """
    if settled.verdict is None:
        return settled
    found = _same_doubted if settled.verdict == "same" else _different_doubted
    why = found(settled.rule, text)
    return Settled(None, why) if why else settled


def _same_doubted(rule: str, text: str) -> str:
    """Say why "same" is not to be trusted; nothing if it is."""
    if rule.startswith("only the picture") and _EXCHANGED.search(text):
        return "what is the other way round may be the thing"
    for found in _TURNED_AT_LAST.finditer(text):
        sentence = re.split("[。\n]", text[found.start() :], maxsplit=1)[0]
        if not _OF_LIGHT.search(sentence):
            return f"it names what has changed, and calls something the same: “{sentence[:80]}”"
    return ""


def _different_doubted(rule: str, text: str) -> str:
    """Say why "different" is not to be trusted; nothing if it is."""
    if _UNSEEN.search(rule):
        return "what it compares is not to be seen in one of the pictures"
    if _COUNTING.search(text.rstrip()):
        return "it ends in the middle of a sentence"
    if _CONDITIONS.search(rule):
        return "what it says to differ is how the pictures were taken"
    if _ANSWERED.match(rule):
        return ""
    for doubt, why in _OF_THE_TEXT:
        if found := doubt.search(text):
            return f"{why}: “{found[0][:80]}”"
    if not _GOES_ON.search(text):
        for doubt, why in _OF_THE_RULE:
            if doubt.search(rule):
                return why
    if (sentence := states_sameness(text)) and not _SAYS_YES.search(text):
        return f"it says outright that nothing differs, and something else: “{sentence[:80]}”"
    return ""
