"""Answer words: an explicit yes or no, or what the prompt asks for, at the beginning or end of a sentence."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from kurabe.common.vocabulary import Asks, Language, Verdict
from kurabe.reading.clauses import OPPOSITE, Clause
from kurabe.reading.matching import normalise
from kurabe.reading.patterns import later

_AFFIRM: dict[Language, tuple[str, ...]] = {
    "en": ("yes", "yeah", "yep", "yup", "affirmative", "definitely yes", "absolutely yes"),
    "ja": ("はい", "ええ", "ハイ", "イエス"),
}
_DENY: dict[Language, tuple[str, ...]] = {
    "en": (
        "no",
        "nope",
        "nah",
        "no sir",
        "absolutely not",
        "certainly not",
        "of course not",
        "definitely not",
    ),
    "ja": ("いいえ", "いえ", "イイエ", "いや", "ノー"),
}
_LABEL = (
    r"(?:(?:please )?(?:answer|yes(?: or |/)no|same(?: or |/)different|different(?: or |/)same)(?:"
    r" \(?yes(?: or |/)no\)?)?\s*(?::|=|-(?=\s)|–|—|→|->)+|(?:(?:the |my |your "
    r"|final |correct |short |overall |brief |direct |simple |a |in |to )*"
    r"(?:answer|verdict|conclusion|conclude|result|response|decision|output|status|judge?ment"
    r"|determination|assessment|assistant"
    r"|short|summary|summari[sz]e|explanation|reason|reasoning|analysis|justification|observation"
    r"|observations|notes?|comments?|remarks?"
    r"|comparison|details?|rationale|model|evaluation|final|step \d{1,2}|bot|reply|therefore|so|a|ans|q)"
    r"(?: (?:to|for|of|is|here)(?: [^:,\s]{1,20}){0,8})?\s*(?::|=|-(?=\s)|–|—|→|->)+))"
)
_LEAD = (
    rf"(?:{_LABEL}"
    r"|(?:the |my |final |correct |short |a )*(?:answer|verdict|conclusion|response|result)(?: to "
    r"[^:,]{1,60}?)?"
    r" (?:is|would be|should be|must be|will be)(?: simply| clearly| therefore| that)?\s*[:,]?"
    r"|i(?:'d| would| will|'ll)? (?:have to )?(?:say|answer|conclude|respond|go)(?: with| that)?\s*[:,]?"
    r"|it is|so|therefore|thus"
    r"|hence|well|sure|overall|okay|ok|certainly|of course|in this case|ultimately|finally"
    r"|in conclusion|to conclude|in short|in summary|to answer (?:the|your) question|to summari[sz]e|yes "
    r"or no\s*[:?]"
    r"|(?:最終的な|最終|以上より|よって|したがって|私の)*[、]?(?:正解|答え|回答|解答|結論|判定|結果"
    r"|答|判断|理由"
    r"|説明)(?:としては|は|:|=|→|⇒|、|】)"
    r"|(?:よって|したがって|つまり|ですので|以上より|以上から|そのため|結論として|結論から言うと|従って"
    r"|比較した結果|比較の結果|おそらく|恐らく|たぶん|多分)(?:は)?)"
)
_GROUNDS = (
    r"(?:based on [^,]{1,90}"
    r"|(?:after|upon|on|from|by) (?:\w+ ){0,4}(?:compar|inspect|examin|look|review|analy|observ)[^,]{0,80})"
)
_OPEN = r"[\s→➡,、:<\[({(（【】\]]*"
_LEADS = rf"(?:(?:{_LEAD}|(?>{_GROUNDS}(?=,))){_OPEN}){{0,4}}"
"""What may stand before an answer; its grounds end at a comma, so that there is one way to read them."""

_SUBJECT = (
    r"(?=[\s,]*(?:there|they|it|the|both|this|these|those|i|we|that|you|all|sorry|nothing|everything"
    r"|each|neither|none|not"
    r"|because|since|as|any|no)\b)"
)
_END = r"(?=\s*(?:$|[.,;:!\-—–()。、/|&+\]>]|です|だ(?=[。、]|$)|\b(?:and|or|because|since|as)\b))"
_HERE = r"(?=\s+(?:here|in this case|to this|to that)\s*(?:$|[.,;:!]|\b(?:because|since|as)\b))"
_JA_END = r"(?=$|[\s.,;:!。、()\]]|です|でしょう(?!か)|だ|と(?:答|回答|判|言|な|思)|[違異同差変2二両どい])"
_GLUE = later(
    r"^\s*(?:[,;:.!/|&、。)\]）】>\-—–]+|です(?=[。、.,\s]|$)|だ(?=[。、.,\s]|$))*\s*(?:and|or)?\s*"
)
_FINAL = later(
    r"(?:\b(?:so|therefore|thus|hence|say)|\b(?:answer|verdict|conclusion|response) (?:is|would be"
    r"|should be))"
    r"[\s:,]+(?:a |an |simply |clearly )*([a-z]+)\W*$"
    r"|(?:答え|回答|解答|結論|判定|判断|結果|正解|答)(?:として)?は[、\s]*(はい|いいえ)(?:です|だ"
    r"|となります|になります|である|とします|と(?:判断|回答)します)?\W*$"
    r"|(?:[:;,] ?|^|\bbut )(yes|no)\W*$"
    r"|(?:^|[、,])(はい|いいえ)(?:です|だ|となります|)\W*$"
    r"|(?:^|[、,]|ので|ため|から|が)(はい|いいえ)(?:です|だ|[とに]なります|になる|でしょう"
    r"|と(?:お)?(?:答え|回答|判断|判定|解答)(?:ます|る|ました)?"
    r"(?:します|いたします|できます|しました|する|になります)?|とします|を選(?:び|択し)ま(?:す|した)"
    r"|を選(?:ぶ|択する))\W*$"
)
_FINAL_HINTS = (
    *("so", "therefore", "thus", "hence", "say", "answer", "verdict", "conclusion", "response"),
    *("yes", "no", "はい", "いいえ"),
)
"""One of them is in each such end; to look for them takes a tenth of the time."""
_DENIED = later(
    r"\b(?:not|never|cannot|nobody|no one|might|could|may|some|one|if|whether|doubt|wrong|suppose"
    r"|thought|guess|assume|n't)\b|n't\b"
)
_ECHO = later(
    r"^(?:there|they|it|these|those|both|the (?:images|pictures|two)|i|we) (?:is|are|do|does|was|were"
    r"|can|did|could)"
    r"(?P<not> ?(?:not|n't|nt))?[\s.,!]*$"
)


_EMPHATIC = later(
    r"^(?:not at all|none(?: at all)?|nothing|definitely not|absolutely not|certainly not|not in the "
    r"slightest|zero|いや)\W*$"
)
_JA_ASKS = later(r"(?:です|ます|ません|だろう|でしょう|はい|いいえ)か[。\s]*$")
_JA_SUPPOSED = later(r"(?:とき|時|場合|際)に?[はも]?[、\s]*$|(?:れば|なら|たら)[、\s]*$")
"""What makes an answer a supposed one: 「折れているときは、はいと答えます」."""
_JA_EITHER = later(
    r"^「?(?:はい|いいえ)」?[\s、]*(?:または|もしくは|あるいは|か|or|/|\||・)[\s、]*「?(?:はい|いいえ)"
)
_JA_NOT_SO = later(r"^そう(?:では|じゃ)(?:ありません|ない(?:です)?)\W*$")
_SECOND_THOUGHT = later(r"\b(?:actually|wait|hmm+|oh|sorry|rather|really)\b|いや|やはり|やっぱり")
_THINK_SO = later(r"^i (?:do not |don't |do )?(?:think|believe) so\W*$")


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """The words that answer one prompt.

    Attributes:
        asks: What the prompt asks for: a yes means different, or it means same.
        usual: True if a plain yes and no are understood.
        special: The prompt's own words and what they mean, besides yes and no.
        pattern: Finds an answer at a sentence's beginning.
    """

    asks: Asks
    usual: bool
    special: dict[str, Verdict]
    affirm: frozenset[str]
    deny: frozenset[str]
    pattern: re.Pattern[str]


@lru_cache(maxsize=64)
def answer_words(
    language: Language, yes: tuple[str, ...] = (), no: tuple[str, ...] = (), asks: Asks = "difference"
) -> AnswerWords:
    """Return how answers to a prompt are read.

    Args:
        language: The prompt's language.
        yes: The words that mean "different".
        no: The words that mean "same".
        asks: What the prompt asks for; where its words are a plain yes and no, they decide.
    """
    meaning = {_key(word): verdict for words, verdict in ((yes, "different"), (no, "same")) for word in words}
    meaning.pop("", None)
    affirm = {normalise(word) for word in (*_AFFIRM["en"], *_AFFIRM[language])}
    deny = {normalise(word) for word in (*_DENY["en"], *_DENY[language])}
    found: set[Asks] = {
        "difference" if meaning[word] == "different" else "sameness" for word in affirm & meaning.keys()
    }
    found |= {"difference" if meaning[word] == "same" else "sameness" for word in deny & meaning.keys()}
    usual = not meaning or bool(found)
    if len(found) == 1:
        asks = found.pop()
    special: dict[str, Verdict] = {
        word: ("different" if verdict == "different" else "same")
        for word, verdict in meaning.items()
        if word not in affirm | deny
    }
    parts = []
    for word in sorted(affirm | deny | special.keys(), key=len, reverse=True):
        # "No" may be a determiner ("no pins are …") and most words part of a phrase; "yes" never is.
        if word in _AFFIRM["en"]:
            follow = r"(?:(?!\w)|(?=です|だ(?=[。、]|$)))"
        elif word in _DENY["en"]:
            follow = f"(?:{_END}|{_SUBJECT}|{_HERE})(?!\\. (?:of|\\d))"
        elif word in affirm | deny:
            follow = _JA_END
        else:
            follow = f"(?:{_END}|(?=です|だ))"
        parts.append(re.escape(word).replace(r"\ ", r"\s+") + follow)
    last = rf"(?:{_GROUNDS}{_OPEN}(?:{_LEAD}{_OPEN}){{0,2}})?"  # grounds without a comma, at most once
    pattern = re.compile(rf"{_OPEN}{_LEADS}{last}({'|'.join(parts)})")
    return AnswerWords(asks, usual, special, frozenset(affirm), frozenset(deny), pattern)


def _key(word: str) -> str:
    return re.sub(r"\s+", " ", normalise(word)).strip()


def _clause(word: str, words: AnswerWords) -> Clause | None:
    word = _key(word)
    if word in words.special:
        return Clause(words.special[word], word, answer=True)
    if word in words.affirm:
        return Clause("yes", word, answer=True)
    if word in words.deny:
        return Clause("no", word, answer=True)
    return None


_ONLY_POLITE = later(
    r"(?:i (?:can |do |could )?(?:clearly )?(?:see|received?|have received|have) (?:the|both|your|these"
    r"|two) (?:two |attached )?"
    r"(?:images|pictures|photos|photographs)|i (?:fully )?understand(?: the (?:task|question"
    r"|instructions?))?|understood"
    r"|i (?:can|will|am able to|would be happy to) (?:help|assist|do|compare|check|look|try|analy[sz]e"
    r"|inspect|examine)\b[\w ]{0,40}"
    r"|i (?:would |do )?(?:need|require|want|await)\b[\w ]{0,40}"
    r"|(?:i would|i'd|i am|i'm) (?:be )?(?:glad|happy|pleased|ready|able) to\b[\w ]{0,40}"
    r"|(?:here|below|this) (?:is|are|follows) (?:my|the|a|an) (?:comparison|analysis|answer|assessment|result"
    r"|list|difference)s?:?"
    r"|of course|sure|certainly|please|go ahead"
    r"|(?:見えません|見えない(?:です)?|分かりました|わかりました|承知しました|承知いたしました"
    r"|了解しました|了解です|かしこまりました)"
    r"|(?:[^。、違異差同]{0,12})?(?:確認|比較|検査|分析)(?:します|いたします|しましょう|してみます))\W*"
)


def only_polite(rest: str) -> bool:
    """Say whether what follows a yes shows that it agrees to the task: "Yes, I understand"."""
    return _ONLY_POLITE.fullmatch(rest.strip(" .,!、。")) is not None


def take_answers(sentence: str, words: AnswerWords) -> tuple[list[Clause], str]:
    """Return the explicit answers of a normalised sentence, and what is left of it."""
    found: list[Clause] = []
    rest = sentence
    alone = rest.strip(" .!→➡")
    if alone in ("y", "n") and words.usual:
        return [Clause("yes" if alone == "y" else "no", alone, answer=True)], ""
    if rest.endswith(("?", "？")) or _JA_ASKS.search(rest) or _JA_EITHER.match(rest):
        return [], sentence
    while (match := words.pattern.match(rest)) and len(found) < 8:
        clause = _clause(match[1], words)
        if clause is not None:
            found.append(clause)
        rest = _GLUE.sub("", rest[match.end() :])
    final = _FINAL.search(rest) if any(hint in rest for hint in _FINAL_HINTS) else None
    if final and _SECOND_THOUGHT.search(rest[: final.start() + 1]):
        return [*found, Clause("turn", sentence)], ""
    if (
        final
        and not _JA_SUPPOSED.search(rest[: final.start() + 1])
        and not _DENIED.search(
            rest[: final.start() + 1] + rest[final.start() : final.end()].rsplit(" ", 1)[0]
        )
    ):
        clause = _clause(next(group for group in final.groups() if group), words)
        if clause is not None:
            found.append(replace(clause, stated=True))  # it comes after all else in its sentence
            rest = rest[: final.start()].rstrip(" ,、")
    if found and _THINK_SO.match(rest):
        agrees = ("not" in rest or "n't" in rest) == (found[-1].act == "no")
        return (found, "") if agrees else ([Clause("turn", sentence)], "")
    if (
        found
        and found[-1].act == "no"
        and (_EMPHATIC.match(rest) or (found[-1].text != "いや" and _JA_NOT_SO.match(rest)))
    ):
        return found, ""
    echo = _ECHO.match(rest) if found else None
    if echo and found[-1].act in ("yes", "no"):
        agrees = (echo["not"] is None) == (found[-1].act == "yes")
        return (found, "") if agrees else ([Clause("turn", sentence)], "")
    return found, rest


_LABELS = later(
    rf"{_OPEN}{_LABEL}{_OPEN}|{_OPEN}(?:(?:so|therefore|thus|hence),? )?(?:the |my |final |correct |short )*"
    r"(?:answer|verdict|conclusion|response|result|assessment)(?: here)? (?:is|would be)(?: that)?(?! "
    r"(?:not (?:yes|no|clear|certain|known|sure|\"|obvious)|unclear|uncertain|unknown))\s*[:,]?"
    rf"{_OPEN}|{_OPEN}(?:the |my |final |short )*(?:answer|verdict|conclusion|analysis|explanation"
    rf"|summary|result|reasoning|assessment"
    r"|observations?|comparison|details|回答|答え|結論|判定|分析|比較|比較結果|判定結果|結果|理由|説明"
    r"|詳細|まとめ|観察)[\s:：]*$|"
    rf"{_OPEN}(?:(?:総合|最終)(?:的な)?)?(?:答え|回答|解答|結論|判定|判断|評価|結果|理由|説明|補足"
    r"|備考|詳細|観察結果|分析)(?::"
    rf"|は、){_OPEN}"
)


def without_label(sentence: str) -> str:
    """Return a sentence without a label such as "Explanation:" before it."""
    match = _LABELS.match(sentence)
    return sentence[match.end() :] if match else sentence


def resolve(clauses: list[Clause], words: AnswerWords) -> list[Clause]:
    """Turn yes and no into verdicts: they answer the model's own question, or else the prompt's."""
    found: list[Clause] = []
    asked: Asks | None = None
    said: str | None = None
    for clause in clauses:
        if clause.act == "ask_same":
            asked = "sameness"
        elif clause.act == "ask_different":
            asked = "difference"
        elif clause.act == "ask":
            continue
        elif clause.act in ("is", "is_not") and asked is None:
            if said is None:
                found.append(Clause("open", clause.text))
            elif (said == "yes") != (clause.act == "is"):
                found.append(Clause("turn", clause.text))
        elif clause.act in ("yes", "no", "is", "is_not"):
            said = "yes" if clause.act in ("yes", "is") else "no"
            if asked is None and not words.usual:
                found.append(Clause("open", clause.text))
                continue
            verdict: Verdict = "different" if clause.act in ("yes", "is") else "same"
            if (asked or words.asks) == "sameness":
                verdict = OPPOSITE[verdict]
            found.append(
                Clause(
                    verdict,
                    clause.text,
                    clause.contrast,
                    stated=clause.stated,
                    first=clause.first,
                    answer=True,
                )
            )
        else:
            asked = None
            found.append(clause)
    return found
