"""A Japanese sentence that answers explicitly: 「よって、「いいえ」です」, 「したがって違いはありません」."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from kurabe.common.vocabulary import Verdict
from kurabe.reading.answers import AnswerWords
from kurabe.reading.japanese import lexicon
from kurabe.reading.japanese.linking import Said, step_found
from kurabe.reading.japanese.outline import Sentence
from kurabe.reading.japanese.pieces import cut
from kurabe.reading.japanese.statements import says
from kurabe.reading.patterns import later


class Told(NamedTuple):
    """A sentence, what its pieces say, and the verdict that it gives as a whole."""

    sentence: Sentence
    pieces: tuple[Said, ...]
    verdict: Verdict | None
    frank: bool
    """True if the verdict is a yes or no, False if it is a statement."""


_ENDS = (
    r"、?(?:です|だ|でした|である|でしょう|に(?:なり|いたし|致し|し)ます|[にと]なる|となり(?:ます"
    r"|ました)|と(?:(?:いた|致)?し(?:ます|ました|ておきます)|する|しておきます)"
    r"|と?(?:お?(?:答え|応え)(?:ます|る|します|いたします|致します)|(?:と|で)?(?:回答"
    r"|判断|判定|結論|報告|評価)(?:(?:いた|致)?し(?:ます|ました)|する|できます|される"
    r"|されます)?)"
    r"|とお?(?:答え|応え)(?:(?:いた|致)?し)?(?:ます|ました|る)|とお?(?:答え|回答)するの?が(?:妥当"
    r"|適切|自然|正確)(?:です|だ|でしょう|と考えます)?"
    r"|を(?:選び|選択(?:(?:いた|致)?し)?|回答と(?:(?:いた|致)?し)?|答えと(?:(?:いた|致)?し)?)(?:ます"
    r"|ました)|を(?:選ぶ|選択する)"
    r"|が(?:私の|最終的な|正しい|妥当な|適切な)*(?:答え|回答|結論|判断)(?:です|だ|である|(?:に|と)なります)?"
    r"|が(?:妥当|適切|正解|正しい)(?:です|だ|でしょう|と(?:考え|思い)ます)?"
    r"|(?:に|へと?)(?:改め|訂正(?:(?:いた|致)?し)?|変更(?:(?:いた|致)?し)?|修正(?:(?:いた"
    r"|致)?し)?)(?:ます|ました)"
    r"|と(?:考え|思い|見な(?:し|せ)|みな(?:し|せ)|言え|いえ|言い切れ)ます|と(?:考える"
    r"|思う|言える)|の(?:一択|ほう)(?:です|だ)?"
    r"|に(?:丸|まる|○)を(?:付け|つけ)(?:ます|る)|に(?:一票|票)(?:を(?:入れ|投じ)ます|です)|を(?:推し|挙げ)ます|)"
)
_YES_NO = later(rf"(?P<said>はい|いいえ){_ENDS}$")
_INSTEAD = later(
    "(?:はい|いいえ)(?:では|じゃ)?(?:なく|ありません(?:。|で、|ので)?)(?:て|、|むしろ)*(?=(?:はい|いいえ))"
)
"""「はい」ではなく「いいえ」です"""
_LABEL = later(
    r"^(?:(?:正しい|最終的な|最終|私の|ご?質問(?:へ)?(?:の|に対し(?:て)?の?|に対する)"
    r"|お|本件の|総合的な|総合|検査の?|比較の?|この|今回の"
    r"|上記の?|2枚の)*(?:答え|応え|回答|解答|結論|判断|判定|結果|質問|問い)(?:として(?:は)?"
    r"|に対して(?:は)?|へは|には)?(?:、|は|:|=|→|⇒|が|を)*"
    r"|(?:どちらか(?:と(?:言え|いえ|言う|いう)(?:ば|なら)|を選ぶなら)|強いて(?:言えば"
    r"|選ぶなら)|おそらく|恐らく|たぶん|多分|やはり|最終的に(?:は)?|結局(?:のところ)?"
    r"|結論(?:から(?:申し上げますと|申しますと|言うと|言えば|述べると|先に言うと)|を(?:言うと"
    r"|先に述べると|申し上げますと))|総合的に(?:判断(?:し(?:て|、))?|見て)?|→|⇒|:"
    r"|(?:これ|それ|以上)(?:ら)?を?(?:もって|踏まえ(?:て|ると)?|根拠に)|従いまして|ゆえに"
    r"|故に|すなわち|つまり|という(?:こと|わけ)で|まとめると"
    r"|総合し(?:て|ますと|ると)|したがいまして|この(?:こと|点|ため)から|そこで|ここでは"
    r"|今回は|これは|私は|私なら|質問に(?:は|対しては)"
    r"|訂正して|改めて|よって|したがって|従って|以上(?:から|より|により|のことから|の(?:理由"
    r"|点)(?:から|により))?|そのため|このため|ですので|ですから|なので|だから|結論)(?:、"
    r"|は、)*)*$"
)
_REASON_END = later(r"(?:ので|ため|ことから|から|以上|わけで|とおり|通り|により)$")
_CONDITION = later(
    r"もし|仮に|(?:れ|け|せ|て|め|べ|ね|げ|え)ば$|たら$|なら(?:ば)?$|場合(?:は|に|には"
    r"|も)?$|とすれば$|としたら$|(?:とき|時|際)(?:は|に|には)?$"
    r"|はず$|かぎり$|限り$|前提(?:なら|では|で)?$|次第で?$|うちは$"
)
_LIGHT_LEFT = later(
    "(?:除(?:けば|いて|くと|き)|除外す(?:れば|ると)|無視す(?:れば|ると)|別にすれば|差し引(?:けば"
    "|くと|いて)|考慮し(?:なければ|ないなら))$"
)
_LOOKS = later("(?:見れば|比べれば|見比べれば|比較すれば|照らせば|従えば|よれば|言えば|いえば)$")


def _verdict_of(said: str, words: AnswerWords) -> Verdict:
    yes = said == "はい"
    return "different" if yes == (words.asks == "difference") else "same"


def _frank(text: str, words: AnswerWords) -> Verdict | None:
    """Return the verdict of a sentence that ends in a yes or no which nothing in it takes back."""
    text = _INSTEAD.sub("", text)
    found = _YES_NO.search(text)
    if found is None or len(re.findall("はい|いいえ", text)) > 1 + text.count("理由"):
        return None
    head = text[: found.start()].rstrip("、 ")
    chunks = [chunk.strip() for chunk in head.split("、")] if head else []
    while chunks and _LABEL.match(chunks[-1]):
        chunks.pop()
    if not chunks:
        return _verdict_of(found["said"], words)
    last = chunks[-1]
    label = re.search("(?:ので|ため|から|が|て|で)(?P<label>[^、]*)$", last)
    if label and label["label"] and _LABEL.match(label["label"]):
        last = last[: label.start("label")]
    glued = bool(re.search("[:=]$", last)) or (
        head.endswith(last) and not text[: found.start()].endswith(("、", " "))
    )
    if any(_CONDITION.search(chunk) and not _harmless(chunk) for chunk in chunks):
        return None
    if glued and not _REASON_END.search(last):
        return None  # 「…ならはいです」, 「欠けははい」
    return _verdict_of(found["said"], words)


def _harmless(chunk: str) -> bool:
    """Say whether what looks like a condition only sets the light aside, or tells how one looks."""
    return _LOOKS.search(chunk) is not None or (
        _LIGHT_LEFT.search(chunk) is not None
        and lexicon.LIGHT.search(chunk) is not None
        and not lexicon.BARE_NO.search(chunk)
    )


_CONCLUDES = later(
    "^(?:よって|したがって|従って|従いまして|したがいまして|以上|ゆえに|故に|つまり|結論"
    "|総合|まとめ|そのため|このため|というわけで|最終|判定|結果|要するに|すなわち"
    "|ですので|ですから|なので|だから)|^→"
)


def _opened(pieces: Sequence[Said], last: Said, words: AnswerWords) -> Verdict | None:
    """Return what 「いいえ、違いはありません」 says, where the statement means what the yes or no does."""
    first = pieces[0].piece.core
    if len(pieces) < 2 or first not in ("はい", "いいえ"):
        return None
    verdict = _verdict_of(first, words)
    return verdict if last.says == verdict and _led(pieces[1:-1]) else None


_CLOSING = later(f"(?:という(?:お?答え|回答|結論|判定))?(?:に|で|と)?{_ENDS}$")


def _concluded(one: Said) -> Said:
    """Return what a piece says without the words that make it an answer: 「違いはないとしておきます」."""
    core = one.piece.core
    if one.says in ("same", "different") or not re.search("違い|差|変化|変わ|異|同じ|同一|一致|異常", core):
        return one
    shorter = _CLOSING.sub("", core) or core
    for _ in range(2):
        shorter = _CLOSING.sub("", shorter) or shorter
    if shorter == core:
        return one
    found = says(one.piece._replace(core=shorter, text=shorter))
    return one._replace(says=found) if found in ("same", "different") else one


def told_of(sentence: Sentence, words: AnswerWords) -> Told:
    """Return what a sentence says."""
    pieces = tuple(Said(piece, says(piece)) for piece in cut(sentence.text, sentence.number))
    frank = None if sentence.question else _frank(sentence.text, words)
    if frank:
        return Told(sentence, pieces, frank, True)
    last = _concluded(pieces[-1]) if pieces else None
    opened = _opened(pieces, last, words) if last else None
    if opened and not sentence.question:
        return Told(sentence, pieces, opened, True)
    if last and not sentence.question and not sentence.item and last.says in ("same", "different"):
        before = pieces[:-1]
        supposed = any(_CONDITION.search(one.piece.core) and not _harmless(one.piece.core) for one in before)
        verdict: Verdict = "same" if last.says == "same" else "different"
        concludes = _CONCLUDES.search(sentence.text) is not None
        if not supposed and (concludes or not before or _led(before)):
            return Told(sentence, pieces, verdict, False)
    return Told(sentence, pieces, None, False)


def _led(before: Sequence[Said]) -> bool:
    """Say whether the pieces before a statement in its sentence are understood."""
    return all(one.says not in ("unknown", "argues") for one in before)


_RESTRICTED = later(
    rf"(?P<what>[^、。]{{1,20}})(?:を(?:除けば|除くと|除いて(?:は)?|別にすれば)|以外(?:は"
    rf"|では|なら)|に限(?:れば|って(?:は|言えば)?|定すれば)"
    rf"|(?:に関して|について)(?:は|だけ(?:は)?)|だけ(?:なら|見れば|で言えば))、?(?:(?:答え"
    rf"|回答|結論)は、?)?(?:はい|いいえ){_ENDS}$"
)


def restricted(sentence: str) -> bool:
    """Say whether a yes or no counts for a part alone: 「裏側を除けば、いいえです」."""
    found = _RESTRICTED.search(sentence)
    return found is not None and lexicon.LIGHT.search(found["what"]) is None


def steps_apart(told: Sequence[Told]) -> list[Told]:
    """Return sentences in which a bare "the same" behind a step is one of what was looked at."""
    found = list(told)
    for place in range(1, len(found)):
        one, before = found[place], found[place - 1]
        if len(one.pieces) == 1 and before.pieces and step_found(before.pieces[-1], one.pieces[0]):
            found[place] = one._replace(verdict=None)
    return found
