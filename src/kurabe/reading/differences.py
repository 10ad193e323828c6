"""Which differences: the entries of a list, or the sentences that name one."""

import re
from typing import Literal

from kurabe.common.vocabulary import Language, Verdict
from kurabe.reading import english, japanese
from kurabe.reading.claims import DOUBT, OBJECTION, settle
from kurabe.reading.plain import Line, lines, split_sentences, unquoted
from kurabe.reading.verdict import sentence_claims

_State = Literal["item", "same", "different", "doubt", "remark"]

_NONE = re.compile(
    r"\W*(?:none|nothing|n/a|no|nope|なし|特に(?:なし|ありません|無し)|ありません|ない|無し|いいえ)"
    r"(?: (?:visible|found|detected|noted|seen|observed))?\W*"
)
_REMARK = re.compile(
    r".*[:：]\W*|(?:sure|certainly|of course|okay|ok|yes|yep|はい|ええ|以下の通りです|次の通りです)\W*"
    r"|(?:let me|let us|let's|i will|i'll|please|i hope) .*"
    r"|.*(?:比較します|比べます|挙げます|説明します|列挙します)\W*"
    r"|(?:the|this|both|these|two|in (?:the|both|this))? ?(?:two |given |provided |same )?"
    r"(?:images?|pictures?|photos?|photographs?) "
    r"(?:shows?|depicts?|contains?|displays?|features?|is of|are of|holds?|have) "
    r"(?!.*\b(?:while|whereas|but|than|differ\w*|one|other|missing|compared|however|changed|not|no)\b).*"
)
_REST = re.compile(
    r"\b(?:(?:everything|nothing|all) else|otherwise|the rest|(?:the )?remaining"
    r"|(?:no|any) (?:other|further|additional))\b|その他|他に|それ以外|残り"
)
_ALIKE = re.compile(
    r"\b(?:is|are|looks?|appears?|seems?|remains?|stays?|be) (?:\w+ )?(?:same|identical|unchanged|alike)\b"
    r"|\b(?:no|any) (?:\w+ ){0,3}(?:differences?|changes?|defects?)\b|\bnothing else\b"
    r"|\bnot (?:differ|changed|different)\b"
    r"|\bsimilar\b|似て|同じ|同一|(?:違い|変化|差異|差)[はも]?(?:ない|なし|(?:あり|見られ|見当たり)ません)"
)
_RESTRICTED = re.compile(
    r"\b(?:but|except|however|although|though|apart from|other than|whereas|while)\b|以外|除|が、"
)
_CANNOT = re.compile(
    r"^(?:i am |i'm )?(?:so )?sorry\b"
    r"|\b(?:can ?not|can't|unable to|could not|couldn't|not able to) (?:\w+ ){0,2}?"
    r"(?:tell|view|help|assist|determine|say|compare|identify|analy[sz]e|access|provide|judge|process"
    r"|open|display|see (?:the |any |these |both )?(?:image|picture|photo))"
    r"|(?:わか|分か)りません|判断できません|(?:画像|写真)(?:が|は|を)(?:見え|見ることができ|確認でき)ません|申し訳|できません\W*$"
)
_INLINE_MARK = re.compile(r"[;,]?(?:(?<=[:;.,。、])\s+(?=\d{1,2}[.)]\s)|\s+(?=\(\d{1,2}\)\s))")
_TITLE = re.compile(r"^(?:the )?(?:only |main )?differences?\s*[:：]\s*|^違い\s*[:：]\s*", re.IGNORECASE)


def read_differences(text: str, language: Language) -> tuple[Verdict | None, tuple[str, ...], str]:
    """Return the verdict and the claimed differences of a plain text, and the reason if it has no verdict.

    In a list every entry is a claim; elsewhere every sentence is, unless it only announces ("there are
    two differences"), says what is alike, or describes a picture.
    """
    found = lines(_INLINE_MARK.sub("\n", text))
    entries, prose = _entries(found)
    listed = [(_state(entry, language), entry) for entry in entries]
    spoken = [(_state(sentence, language), sentence) for sentence in prose]
    items = [_TITLE.sub("", entry) for state, entry in listed or spoken if state == "item"]
    states = {state for state, _ in (*listed, *spoken)}
    if items:
        # Prose around a list may well say that the rest is alike, but not that all is.
        if any(state == "same" for state, _ in spoken):
            return None, (), "it names differences and says that there are none"
        return "different", tuple(items), ""
    if "doubt" in states:
        return None, (), "it expresses doubt"
    if {"same", "different"} <= states:
        return None, (), "it says both same and different"
    if "same" in states:
        return "same", (), ""
    if "different" in states:
        return "different", (), ""
    return None, (), "it names no difference, and does not say that there is none"


def _entries(found: list[Line]) -> tuple[list[str], list[str]]:
    """Return the list's entries, with what is indented below them, and the sentences around the list."""
    bullets = [line for line in found if line.bullet]
    outer = min((line.indent for line in bullets), default=0)
    entries: list[str] = []
    prose: list[str] = []
    for line in found:
        if line.bullet and line.indent <= outer + 1:
            entries.append(line.text)
        elif entries and line.indent > outer:
            entries[-1] += f" {line.text}"
        else:
            prose += split_sentences(line.text)
    return entries, prose


def _state(sentence: str, language: Language) -> _State:
    """Say what a sentence does in a list of differences."""
    normal = unquoted(sentence).strip()
    if _NONE.fullmatch(normal):
        return "same"
    if normal.endswith("?"):
        return "remark"
    claims = sentence_claims(normal, language)
    said = [claim for claim in claims if not claim.answer]
    verdict, _ = settle(claims)
    if DOUBT in claims or _CANNOT.search(normal):
        return "doubt"
    if _REST.search(normal) and (verdict == "same" or _ALIKE.search(normal)):
        return "remark"
    if verdict is None and any(claim.verdict for claim in claims):
        # "They are identical, but the pin is bent" leaves the verdict open, yet names a difference.
        named = OBJECTION in claims and not any(claim.answer for claim in claims)
        return "item" if named else "doubt"
    if verdict == "same":
        alone = bool(said) or len(normal.split()) == 1
        return "same" if alone else "doubt"  # "No, the pin is missing" is no plain no
    if _REMARK.fullmatch(normal) or english.contentless(normal) or japanese.contentless(normal):
        return "different" if verdict == "different" else "remark"
    if verdict is None and _ALIKE.search(normal) and not _RESTRICTED.search(normal):
        return "remark"
    return "item"
