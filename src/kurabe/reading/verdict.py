"""Same or different: an explicit yes or no, and what the sentences claim."""

import re
from functools import lru_cache

from kurabe.common.vocabulary import Language, Verdict
from kurabe.reading import english, japanese
from kurabe.reading.claims import DOUBT, Claim, settle
from kurabe.reading.matching import normalise
from kurabe.reading.plain import sentences

_AFFIRM: dict[Language, tuple[str, ...]] = {"en": ("yes", "yeah", "yep"), "ja": ("はい", "ええ", "ハイ")}
_DENY: dict[Language, tuple[str, ...]] = {"en": ("no", "nope"), "ja": ("いいえ", "いえ", "イイエ")}
_LEAD = (
    r"(?:(?:the |my |final |correct |short |a )*"
    r"(?:answer|verdict|conclusion|result|response|decision|output)(?: to [^:,]{1,60}?)?"
    r"\s*(?:is|would be|:|=|-)+"
    r"|i (?:would |will |'d )?(?:say|answer|conclude)|it is|so|therefore|thus|hence|well|sure|overall"
    r"|in conclusion|to conclude|in short|in summary"
    r"|(?:the |there is |visible |any |a )*(?:differences?|defects?|different)"
    r"(?: found| present| detected| visible)?\s*(?::|=)"
    r"|(?:最終的な)?(?:答え|回答|解答|結論|判定|結果|答)\s*(?:は|:)|違い\s*:)"
)
_ASKS_SAME = re.compile(r"^(?:the |are )*(?:same|identical|match|equal|同じ|同一)[^:=]{0,30}[:=]\s*")
_SUBJECT = r"(?=[\s,]*(?:there|they|it|the|both|this|these|those|i|we|that|you|all|sorry)\b)"
_END = r"(?=\s*(?:$|[.,;:!\-—–()。、/&+]|\b(?:and|or|because|since|as)\b))"
_DEFECT = re.compile(
    r"\b(?:missing|absent|bent|broken|cracked|scratched|damaged|discolou?red|misaligned|removed|torn|stained)\b"
    "|欠け|欠損|曲が|折れ|割れ|汚れ|変色|足りな|なくなって"
)
_DEFECT_DENIED = re.compile(
    r"\b(?:not|nor|none|nothing|neither|never|without|both|same|any|if|\w+n't)\b|\bno (?!,)\w"
    r"|ません|ない|なし|両方|どちらも|同じ"
)
_FINAL = re.compile(r"(?:\b(?:so|therefore|thus|hence|say)|\banswer is)[\s:,]+(?:a )?(\w+)\W*$")
_GLUE = re.compile(r"^\s*(?:[,;:.!/&、。\-—–]+|です|だ)*\s*(?:and|or)?\s*")


def _meanings(language: Language, yes: tuple[str, ...], no: tuple[str, ...]) -> dict[str, Verdict]:
    """Return what each answer word means: the prompt's own words, and their plain equivalents."""
    meaning: dict[str, Verdict] = {normalise(word).strip(): "different" for word in yes}
    meaning |= {normalise(word).strip(): "same" for word in no}
    meaning.pop("", None)
    affirm = {*_AFFIRM["en"], *_AFFIRM[language]}  # an English yes is understood everywhere
    deny = {*_DENY["en"], *_DENY[language]}
    asks_different = any(meaning.get(word) == "different" for word in affirm)
    asks_different |= any(meaning.get(word) == "same" for word in deny)
    usual: dict[str, Verdict] = {}
    if not meaning or asks_different:
        usual = {**dict.fromkeys(affirm, "different"), **dict.fromkeys(deny, "same")}
    elif not meaning.keys().isdisjoint(affirm | deny):  # the prompt asks whether they are the same
        usual = {**dict.fromkeys(affirm, "same"), **dict.fromkeys(deny, "different")}
    return usual | meaning


@lru_cache(maxsize=64)
def _answers(
    language: Language, yes: tuple[str, ...], no: tuple[str, ...]
) -> tuple[re.Pattern[str], dict[str, Verdict]]:
    """Return the expression for an explicit answer at a sentence's beginning, and what each word means."""
    # As the words are looked up: of whatever kind, white space counts as one blank.
    meaning = {re.sub(r"\s+", " ", word): verdict for word, verdict in _meanings(language, yes, no).items()}
    parts = []
    for word in sorted(meaning, key=len, reverse=True):
        # "No" may be a determiner ("no pins are …") and most words part of a phrase; "yes" never is.
        if word in _AFFIRM["en"]:
            follow = r"(?!\w)"
        elif word in _DENY["en"]:
            follow = f"(?:{_END}|{_SUBJECT})"
        elif word in (*_AFFIRM["ja"], *_DENY["ja"]):
            follow = r"(?=$|[\s.,;:!。、()]|です|だ|[違異同差変2二])"
        else:
            follow = f"(?:{_END}|(?=です|だ))"
        parts.append(re.escape(word).replace(r"\ ", r"\s+") + follow)
    return re.compile(rf"(?:(?:{_LEAD})[\s,:]*){{0,4}}({'|'.join(parts)})"), meaning


def read_verdict(
    text: str, language: Language, yes: tuple[str, ...] = (), no: tuple[str, ...] = ()
) -> tuple[Verdict | None, str]:
    """Return the verdict of a plain text, or None and the reason."""
    found: list[Claim] = []
    for sentence in sentences(text):
        found += sentence_claims(sentence, language, yes, no)
    verdict, reason = settle(found)
    if verdict == "same" and any(map(_names_defect, sentences(text))):
        return None, "it says same and names a defect"
    return verdict, reason


def _names_defect(sentence: str) -> bool:
    """Say whether a sentence states plainly that something is missing, bent, and so on, in one of the two."""
    return _DEFECT.search(sentence) is not None and _DEFECT_DENIED.search(sentence) is None


def sentence_claims(
    sentence: str, language: Language, yes: tuple[str, ...] = (), no: tuple[str, ...] = ()
) -> list[Claim]:
    """Return what one normalised sentence claims, its explicit answers first."""
    pattern, meaning = _answers(language, yes, no)
    found: list[Claim] = []
    asks_same = _ASKS_SAME.match(sentence)
    rest = sentence
    if sentence.endswith("?"):
        return []
    if asks_same and (match := re.match("(yes|true|no|false)\\W*$", sentence[asks_same.end() :])):
        return [Claim("same" if match[1] in ("yes", "true") else "different", answer=True)]
    while match := pattern.match(rest):
        word = re.sub(r"\s+", " ", match[1])
        found.append(Claim(meaning[word], answer=True))
        rest = _GLUE.sub("", rest[match.end() :])
    final = _FINAL.search(rest)
    if final and final[1] in meaning:
        found.append(Claim(meaning[final[1]], answer=True))
    said = english.claims(rest) + japanese.claims(rest)
    if found and DOUBT in said:
        return [DOUBT]
    return found + said
