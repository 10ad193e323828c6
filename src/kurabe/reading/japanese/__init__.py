"""Japanese: from a sentence to what its clauses say about the pair."""

import re
from dataclasses import replace

from kurabe.reading.clauses import Clause, Meaning, without_exceptions
from kurabe.reading.japanese import attitude
from kurabe.reading.japanese.frames import asserted, taken_back
from kurabe.reading.japanese.grammar import disclaims, meaning
from kurabe.reading.japanese.hedges import contradicts, dismissed, only_there, same_there
from kurabe.reading.japanese.paraphrases import paraphrased
from kurabe.reading.japanese.sentences import Segment, segments, tokens
from kurabe.reading.matching import JAPANESE
from kurabe.reading.patterns import later
from kurabe.reading.variation import only_varies, set_aside

_WRITTEN = later(f"[{JAPANESE}]")


def is_japanese(text: str) -> bool:
    """Say whether a text holds kana or kanji."""
    return _WRITTEN.search(text) is not None


def clauses(sentence: str) -> list[Clause]:
    """Return what a normalised sentence says, clause by clause."""
    body = paraphrased(_NO_MISTAKE.sub("", _MORE.sub("", sentence.strip(" 。.!！、"))))
    whole = _whole(sentence, body)
    if whole is not None:
        return [whole]
    left = set_aside(body)
    if left is not None:
        return [Clause("neutral", sentence), *(clauses(left) if left else [])]
    words = tokens(attitude.without_introduction(body))
    parts, seen = segments(words), False
    if len(parts) > 1 and parts[1].contrast and _SEEMED.search(body):
        parts, seen = parts[1:], True  # a first impression: 「曲がっているように見えましたが、…」
    found = [_clause(segment) for segment in parts]
    if seen and found[0].act == "defect":
        found[0] = replace(found[0], act="different")  # 「同じに見えましたが、ピンが曲がっています」
    if not asserted(words) or _denies_exception(parts):
        found = [replace(one, act="turn") if one.act in _TURNS else one for one in found]
    if (
        len(parts) > 1
        and (disclaims(parts[-1].words) or attitude.whether(found[-1].text))
        and not parts[-1].contrast
    ):
        # What ends in a denial or a "whether" denies or asks the clauses before, too.
        found = [
            replace(one, act="turn") if one.act in ("same", "different", "excluded") else one for one in found
        ]
    for place in range(1, len(found)):
        if found[place - 1].act == "defect" and _IN_BOTH.match(found[place].text):
            found[place - 1 : place + 1] = [replace(one, act="both") for one in found[place - 1 : place + 1]]
        itself = found[place].act == "alike" and _ITSELF.match(found[place].text)
        if itself and found[place].contrast and found[place - 1].act == "excluded":
            found[place] = replace(found[place], act="same")  # 「少し暗いですが、箱自体に変化はありません」
    return _excepted(found)


def _whole(sentence: str, body: str) -> Clause | None:
    """Return what a sentence says that is read as a whole; None if its clauses decide."""
    if contradicts(sentence):
        return Clause("turn", sentence)
    if _OTHER.fullmatch(body):
        return Clause("different", sentence)
    if _OF_ITS_OWN.fullmatch(body):
        return Clause("neutral", sentence)
    if dismissed(sentence.strip(" 。.!！、")) or _NOT_OTHER.fullmatch(body):
        return Clause("neutral", sentence)
    if only_there(body):
        return Clause("different", sentence, named=True)
    if same_there(body):
        return Clause("alike", sentence, side=2)
    if _NOT_QUITE.fullmatch(body):
        return Clause("open", sentence)
    if any(pattern.fullmatch(body) for pattern in (_LOOKS_LIKE, _DEFINES, _COULD_BE, _ROLES)):
        return Clause("neutral", sentence)
    if attitude.refuses(body):
        return Clause("refusal", sentence)
    if taken_back(body):
        return Clause("turn", sentence)
    return _question(body) if attitude.asks(body) else None


_ITSELF = later("、?[^。、はも]{1,10}(?:自体|そのもの)[はに]")
_IN_BOTH = later(
    "^、?(?:それ|これ)?[はも]?(?:両方|どちら|いずれ|双方|2枚とも|共に"
    "|ともに)[^。、違異ない]{0,12}(?:あり|ある|見られ|確認でき|共通)(?:ます|る)?$"
    "|^、?(?:それ|これ)?は?[^。、はが]{1,10}[にで]も[^。、はが]{1,10}[にで]も(?:共通|あり|見られ"
    "|同様)(?:です|する|しています|している|ます|る|に見られます)?$"
    "|^、?(?:それ|これ)?は?(?:両方|双方|どちら(?:の写真|の画像)?|2枚)[にとも]{1,2}(?:共通|あり"
    "|見られ)(?:です|する|しています|ます|る)?(?:特徴)?(?:です)?$"
)
"""What takes a defect for one of both pictures: 「へこみがありますが、両方にあります」."""
_LOOKS_LIKE = later(
    "[^。、]{1,14}(?:に|のように)見える(?:のは|もの[はも]|部分は|箇所は)、?[^。、]{0,8}?(?:光|影|反射"
    "|照明|写り込み|映り込み|ノイズ)"
    "[^。、ない]{0,8}(?:です|だ|である)"
)
"""Light that looks like a defect: 「傷に見えるのは光の反射です」."""
_DEFINES = later(
    "(?:傷|キズ|汚れ|欠け|割れ|ひび|へこみ|変形|破損|凹み|錆|バリ)(?:や[^。、は]{1,6})?は(?:欠陥|不良"
    "|異常|違い)(?:です|だ|とみなします)"
)
_KIND = "(?:の?(?:画像|品|写真|状態|対象))?"
_ROLE_1 = (
    "(?:1枚目|一枚目|画像1|上の画像|左の画像|最初の画像)(?:の画像)?[はが]"
    f"(?:基準|良品|参照|見本|正常品|正しい状態){_KIND}"
)
_ROLE_2 = (
    "(?:2枚目|二枚目|画像2|下の画像|右の画像|次の画像)(?:の画像)?[はが]"
    f"(?:検査|対象|テスト|比較|検査対象){_KIND}"
)
_ROLES = later(f"(?:{_ROLE_1}|{_ROLE_2}|{_ROLE_1}(?:で|であり)?、{_ROLE_2})(?:です|である|だ|となっています)")
"""Which picture is which: 「1枚目は基準画像、2枚目は検査画像です」."""
_OTHER = later(
    "(?:これは|これらは|2枚目は|両者は|2枚は)?(?:別|異なる|違う)の?(?:部品|製品|品物|もの)(?:です|である|だ)"
)
_OF_ITS_OWN = later(
    "[^、。]{1,24}は(?:個体差|自然なばらつき|製品ごとのばらつき)(?:で|であり)、(?:欠陥|不良|異常"
    "|違い)では(?:ない|ありません)(?:です)?"
)
"""What differs among good parts: 「チップの位置は個体差で、欠陥ではありません」."""
_NOT_OTHER = later("(?:[^。、]{0,24}[はがも、])?(?:異なる|違う|変化した)とは(?:言|い)え(?:ません|ない)")
_NOT_QUITE = later(
    "(?:[^。、]{0,24}[はがも]、?)?(?:完全に|まったく|全く)?(?:同じ|同一|正常|良好|合格|良品|問題ない|(?:違い|差|変化)が(?:ない|無い))(?:だ"
    "|である)?、?とは(?:言"
    "|い)え(?:ません|ない)"
)
"""It takes sameness back and does not say what differs; what follows decides."""


_TURNS = frozenset(
    (
        "same",
        "different",
        "excluded",
        "defect",
        "hint",
        "heading",
        "alike",
        "fine",
        "both",
        "rest",
        "side",
        "yes",
        "no",
    )
)


_SEEMED = later(
    "^[^。]*?(?:見え|思え)(?:る|た|ます|ました)?(?:かもしれません|かもしれない|でしょう)が、(?:実際"
    "|よく見|詳しく|細かく|しかし)"
    "|^[^。]*?(?:見え|思え|感じられ|思い|考え|感じ)(?:まし)?たが、|^(?:最初|当初|はじめ|初め"
    "|一見).*(?:見え|思|考え)[^、]*が、"
)
_MORE = later(
    "^(?:明るさ|照明|光|ノイズ|位置ずれ|影|露出).{0,8}(?:だけ(?:で(?:は)?なく|でなく)|のほかに|に加えて)、?"
)
_NO_MISTAKE = later("(?:の|こと)[はに]間違い(?:は)?(?:ありません|ない(?:です)?|ございません)$")
_COULD_BE = later("(?:これは|それは)?(?:不良|欠陥|異常|破損|製造不良)(?:品)?の可能性があります")
"""What a difference may come from; it does not doubt the difference."""


def _denies_exception(parts: list[Segment]) -> bool:
    """Say whether a sameness with an exception is denied or in doubt: what then differs is left open."""
    texts = ["".join(word.text for word in part.words) for part in parts if part.excepts]
    if any(map(attitude.doubts, texts)) or any(
        word.code == "*" for part in parts if part.excepts for word in part.words
    ):
        return True
    codes = ["".join(word.code for word in part.words) for part in parts if not part.excepts]
    return bool(texts) and any(re.search("[SJ].*n", code) for code in codes)


def _question(body: str) -> Clause:
    """Return what a question asks: for sameness, for a difference, or something else."""
    bare = re.sub(r"(?:の|のでしょう|でしょう)?か?[?？。\s]*$", "", body)
    found = [meaning(segment.words) for segment in segments(tokens(bare))]
    acts = {one.act for one in found}
    if "doubt" in acts:
        return Clause("doubt", body)
    if acts & {"same", "alike", "fine"} and not acts & {"different", "heading"}:
        return Clause("ask_same", body)
    if acts & {"different", "heading", "hint"} and not acts & {"same", "alike"}:
        return Clause("ask_different", body)
    return Clause("ask", body)


def _clause(segment: Segment) -> Clause:
    text = "".join(word.text for word in segment.words)
    said = meaning(segment.words)
    if segment.excepts:
        said = Meaning("excluded", named=True) if only_varies(text) else _exception(segment)
    elif attitude.is_polite(text.lstrip("、")) and said.act in (
        "open",
        "neutral",
        "heading",
        "fine",
        "alike",
    ):
        said = Meaning("neutral")
    return Clause(
        said.act,
        text,
        contrast=segment.contrast,
        conceded=segment.conceded,
        excepts=segment.excepts,
        only=said.only,
        named=said.named,
        against=segment.against,
        side=said.side,
        glance=said.glance,
        stated=said.stated,
        suffices=said.suffices,
    )


def _exception(segment: Segment) -> Meaning:
    codes = "".join(word.code for word in segment.words if word.code not in "rtp,f")
    if "E" in codes and not re.search("[QF]", codes):
        # A word that is not known may narrow the light to that of a part.
        return Meaning("turn" if "x" in codes[: codes.find("E")] else "excluded", named=True)
    return Meaning("rest") if not codes.strip("RAqO") else Meaning("different", named=True)


def _excepted(found: list[Clause]) -> list[Clause]:
    """Weigh exceptions: 「左のピン以外は同じ」 is different, 「明るさを除いて同じ」 is same."""
    exceptions = [clause for clause in found if clause.excepts]
    if not exceptions:
        return found
    named = [clause for clause in exceptions if clause.act == "different"]
    main = {clause.act for clause in found if not clause.excepts}
    if named and main & {"same", "alike", "fine", "no", "rest"} and "different" not in main:
        last = max(place for place, clause in enumerate(found) if clause in named)
        kept = [
            clause
            for place, clause in enumerate(found)
            if clause.act not in ("same", "fine", "no", "rest")
            or (clause.act == "same" and place > last and clause.contrast)
        ]
        return [replace(clause, excepts=False) for clause in kept]
    return without_exceptions(found)
