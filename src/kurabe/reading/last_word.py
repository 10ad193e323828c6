"""What an answer ends with, held against what was read in it: a check that trusts no clause before it.

The rules that read "different" may have understood a remark and not the conclusion: "the shade is not the
same, but within the range. I'd call this a no." So where the last words speak of the sameness of all,
"different" is not what the answer says; nor is anything said where an answer tells what nuts and bolts are,
or what it would need. That one thing is the same ("the neck is unchanged", "no change in the teeth") goes
with a difference.
"""

import re

from kurabe.reading.keys import polarity
from kurabe.reading.patterns import later
from kurabe.reading.settle import Settled

_SENTENCE = later(r"[.!?。！？\n]+(?:[\"'”’」』)\]]*)(?:\s|$)|[。！？\n]+")
_SEGMENT = later(r"[,;、；]\s*|(?<=[すたるいだ])(?:が|けれども?|ものの)[、\s]?")

_SAME = later(
    r"\bno (?:\w+ ){0,2}(?:differences?|changes?|non-?conformances?|nonconformit(?:y|ies)|deviations?)\b"
    r"(?! (?:in|of|to|at|about|on|with|for) )"
    r"|\bnothing (?:\w+ ){0,2}(?:changed|different|differs|missing|wrong|amiss|to report)\b"
    r"(?! (?:about|in|of|with) )"
    r"|\bsame (?:\w+ ){0,3}(?:product|part|state|condition|thing|object|item|design)s?\b"
    r"|\b(?:call|make|settle on|go with|put|say) (?:this |it |that )?(?:as |down as |for )?(?:an? )?"
    r"[\"'“‘]?no\b(?! \w)"
    r"|\bno reason to (?:say|answer|call|report)\b"
    r"|\b(?:comes?|come|stems?|arises?) from the (?:camera|light\w*|lens)"
    r"|\bnot (?:from|in|of|to) the (?:part|product|object|item|piece)s?\b"
    r"|\b(?:everything|all of it) is unchanged\b|\bindistinguishable\b"
    r"|(?:can't|can ?not|couldn't|could not|unable to|hard to) tell"
    r" (?:them|these|those|the two\b.{0,12}) apart"
    r"|違いと(?:は|まで)(?:言|い)え|何も変わって(?:い|お)"
    r"|(?:^|見て|して|よって|ため|間に|結果|両者に|[2２二]枚(?:の間)?に)は?(?:違い|差(?:異)?|変化)(?:は|が|も)"
    r"[^、。]{0,6}(?:ません|ない|なく|なし)"
    r"|見分け(?:が|は)つ(?:か|き)|区別(?:が|は)(?:つ(?:か|き)|でき)(?:な|ませ)"
    r"|同じ(?:製品|部品|もの|物|状態|品)|(?:対象|部品|製品)(?:自体|そのもの)?(?:では|の方では)(?:ありません|ない)"
)
_STAMPED = later(
    r"\W*(?:so |hence |therefore |thus |verdict: |result: )?(?:it(?:'s| is) |that's |i'd say |i say )?"
    r"(?:an? )?"
    r"(?:ok(?:ay)?|pass(?:es|ed)?|good(?: part)?|accept(?:ed|able)?|conforms?|conforming"
    r"|nothing to (?:flag|report|note|see|complain about)"
    r"|no (?:issues?|problems?|concerns?|findings?|objections?))\W*"
    r"|(?:.*[、はでにものて]|)(?:良品|合格|[oO][kK]|ＯＫ|正常|不良で(?:は)?(?:ない|ありません)|良好)"
    r"(?:です|だ|とします|とする|であ(?:る|ります)|と判断(?:します|しました|できます|する)|と思います"
    r"|扱いです)?\W*"
)
"""The stamp of a good part as the last sentence, or the last words of one in Japanese."""
_ONE_PICTURE = later(r"枚目|(?:画像|写真)\s?[12abＡＢ１２]|[左右上下](?:の|側|は)|基準|参照|良品(?:の|側)")
_NOT_SAME = later(
    r"\b(?:not|n't|no longer|never|hardly|isn't|aren't) (?:\w+ ){0,3}"
    r"(?:same|identical|unchanged|indistinguishable)\b"
    r"|(?:\bnot|n't) (?:\w+ ){0,3}that\b|\b(?:false|untrue|wrong) (?:that|to)\b"
    r"|同じ(?:製品|部品|もの|物|状態|品)?(?:では|と(?:は|も))"
)
_EXCEPTION = later(
    r"\b(?:else|rest|others?|otherwise|remain\w*|apart from|except|but|only|besides|aside"
    r"|beyond|further|more)\b"
    r"|以外|ほか|他|残り|ただし|これ以上|それ以上"
)
_PARDONED = later(
    r"\b(?:an? )?(?:slight|small|minor|tiny|little)"
    r" (?:rotation|turn|tilt|shift|offset|blur\w*|glare)s? aside\b"
    r"|\b(?:apart from|aside from|except for|other than) (?:an? |the )?(?:slight|small|minor|tiny|little)"
    r" (?:rotation|turn|tilt|shift|offset|blur\w*|glare)\b"
)
"""An exception that is none: how the part lies, or was taken."""
_ONLY = later(r"しか|だけ")
_OF_ONE = later(
    r"(?!.{0,20}(?:answer|conclusion|verdict|result|overall|summary|final|結論|判定|回答|答え|結果|総合|まとめ))"
    r"[^:：]{1,30}[:：]"
)
"""A line about one thing: "Crown: no difference"."""
_GENERAL = later(
    r"\bdifferences? between an? [\w -]+? and an? |\bimpossible to"
    r" (?:give|say|tell(?! .*apart)|answer|decide|judge)"
    r"|\b(?:i'd|i would|i'll|i) need (?:an? |some )?(?:\w+ )?(?:photo\w*|images?|pictures?|shots?) "
    r"|^(?!.*(?:枚|画像|写真|[左右上下前後]))\w{1,10}と\w{1,10}の違いは[^。]*(?:点|ところ|こと)(?:に|で)(?:あ|す)"
    r"|違いを(?:見つけ|探し)(?:やす|にく|るに|出すに)|[12１２一二]枚目(?:は|が)(?:\w{0,4})(?:開け|読み込め|表示でき)ませ",
    re.IGNORECASE,
)


_CALLED_OFF = later(
    r"\b(?:were it|if (?:it|this|that) (?:was|were|is)|had it)(?: not|n't) (?:been )?for\b"
    r"(?! (?:the |its |some )?(?:\w+ )?(?:light\w*|brightness|exposure|noise|shadows?|reflections?|glare"
    r"|angle))"
    r"|\b(?:anything|everything|all) but (?:an? |the )?[\"'“‘]?(?:no|same|identical|equal|ok(?:ay)?|fine|good"
    r"|sound|conforming)\b"
    r"|\b(?:far|a long way|miles) from (?:being )?(?:the )?(?:same|identical|equal|ok(?:ay)?|fine|good|sound"
    r"|perfect)\b"
    r"|\bno (?:\w+ )?differences?\b[^.]{0,40}?,? (?:if|unless|provided (?:that|you|we|it|the)|assuming"
    r"|as long as|so long as)\b"
    r"(?! [^.]{0,30}\b(?:ignor|disregard|leav|set aside))"
    r"|\bso far,? (?:no|nothing|i (?:see|find|found|have (?:seen|found)) (?:no|nothing))\b[^.]{0,60}\W*$"
    r"|\b(?:and|to) (?:the|its|an?) mirror(?:ed)?(?: image)?\b"
    r"|, (?:only )?with (?!no\b)(?:the |its |one |an? |some )?(?:(?!no\b|none\b|nothing\b)[\w'-]+ ){1,6}?"
    r"(?:off|out|away|missing|gone"
    r"|broken|bent|torn|cracked|apart|loose|short|added|removed|lost)\b(?! (?:in|on) (?:both|each))",
    re.IGNORECASE,
)
"""What calls sameness off, or makes it depend on something: "were it not for the bald patch"."""


_KEYED = later(r"\W*(?P<key>[a-z]+(?: [a-z]+)?) ?[:=] ?(?P<said>yes|no)\W*", re.IGNORECASE)
_LEADS = frozenset(
    ("therefore", "hence", "thus", "so", "finally", "ultimately", "briefly", "simply", "well", "honestly")
) | {
    "then",
    "in short",
    "bottom line",
    "final call",
    "in sum",
    "in brief",
    "my take",
    "my view",
    "simply put",
}


def asks_something_else(text: str, verdict: str) -> bool:
    """Say whether a whole answer is a yes or no to words that are not known, or that mean the opposite.

    "Colour: no" asks about one thing; "Passed: no" is a different part's.
    """
    keyed = _KEYED.fullmatch(text)
    if keyed is None or keyed["key"].lower() in _LEADS:
        return False
    key = polarity(keyed["key"])
    if key.kind != "verdict" or key.true is None:
        return key.kind == "unknown"
    return (verdict == key.true) != (keyed["said"].lower() == "yes")


def ends_in_sameness(text: str) -> bool:
    """Say whether the last words of an answer speak of sameness, without an exception."""
    sentences = [part for part in _SENTENCE.split(text) if part and part.strip(" *_#>-\"'")]
    if not sentences:
        return False
    last = sentences[-1].lower()
    of_one = _OF_ONE.match(last)
    if "|" in last or (of_one and not _SAME.search(of_one[0])):
        return False
    segments = [part for part in _SEGMENT.split(last) if part and part.strip()]
    end = segments[-1] if segments else last
    if not (_SAME.search(end) or (_STAMPED.fullmatch(end) and not _ONE_PICTURE.search(last))):
        return False
    excepted = _EXCEPTION.search(_PARDONED.sub(" ", last)) or _NOT_SAME.search(end) or _ONLY.search(end)
    return not excepted


_AROUND = later(r"\bbackgrounds?\b|\bsurroundings\b|背景|まわりの(?:物|もの|様子)")


def lies_around(rule: str) -> bool:
    """Say whether the difference that a rule quotes is one of what lies around the part."""
    quoted = re.search("“(.*)”", rule)
    return quoted is not None and _AROUND.search(quoted[1]) is not None


def says_nothing_of_the_pair(text: str) -> bool:
    """Say whether an answer speaks of things in general, or of what it would need to answer."""
    return _GENERAL.search(text) is not None


def held(settled: Settled, text: str, structured: bool) -> Settled:
    """Return a verdict held against the last words of its answer, and against what it speaks of."""
    if settled.verdict == "different" and not structured and ends_in_sameness(text):
        return Settled(None, "it ends in words of sameness that do not go with a difference")
    if settled.verdict == "different" and lies_around(settled.rule):
        return Settled(None, "what it says to differ lies around the part")
    if settled.verdict == "same" and not structured and _CALLED_OFF.search(text):
        return Settled(None, "what it says of sameness is called off, or depends on something")
    if settled.verdict and asks_something_else(text, settled.verdict):
        return Settled(None, "it answers something that is not known")
    if settled.verdict and says_nothing_of_the_pair(text):
        return Settled(None, "it speaks of things in general, or of what it would need")
    return settled
