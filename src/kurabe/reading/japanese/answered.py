"""The third reading of a Japanese answer: an explicit answer, and whether anything speaks against it.

The second reading wants every piece to be understood. Where an answer closes or opens with an explicit
「よって、いいえです」, what led to it need not be: thoughts, suspicions and suppositions are what one draws a
conclusion from. What must be understood is what asserts the opposite and is not explained away, what doubts
the conclusion, and what comes after it.
"""

import re
from collections.abc import Sequence
from typing import Literal

from kurabe.common.vocabulary import Verdict
from kurabe.reading.answers import AnswerWords
from kurabe.reading.japanese import attitude, lexicon
from kurabe.reading.japanese.explicit import Told, restricted, steps_apart, told_of
from kurabe.reading.japanese.linking import Said, linked_pieces
from kurabe.reading.japanese.outline import Sentence, outlined
from kurabe.reading.japanese.scope import Says
from kurabe.reading.japanese.weighing import HARMLESS, Second, contrasted, figures_agree
from kurabe.reading.patterns import later

_HARD_DOUBT = later(
    r"(?:判断|判別|断定|判定|断言|特定|確定|結論|回答|答え|比較|確認|評価)(?:は|が|を"
    r"|も|に|の)?(?:でき(?:ま?せ|な|かね|ず)|つ(?:き|け)?(?:かね|ませ|か)|し(?:かね|にく"
    r"|づら|難)"
    r"|難|困難|不能|不可|保留|控え|見送|避け|られませ|られな|出せ(?:ませ|な)|下せ(?:ませ"
    r"|な))|保留|(?:考慮|確認|比較|検査|評価|検討)し(?:て(?:い|お)(?:りま|ま)?(?:せん"
    r"|ない)|ていな)|(?:わか|分か|判)(?:りませ|らない|りかね|らず)|何とも(?:言|い)え|なんとも(?:言"
    r"|い)え"
    r"|見え(?:ない|ません)ため(?:判|確|わ|分)|どちらとも|五分五分|半信半疑|自信が(?:な|あ?りませ)"
)
_OF_A_PART = later(
    "(?:部|分|側|面|部分|範囲|箇所)(?:のみ|だけ)(?:に|を|で)[^、。]{0,6}(?:基づ|もとづ"
    "|見た|見て|比べ|判断|比較|検査|確認)"
)
_CONTRADICTS = later("^(?:いや|いえ|いいえ)、?(?:違い?ます|違う|異な|それ|そう|いや)")
_UNSURE = later("(?:確実|確か|明確|絶対)(?:に)?(?:では|とは|じゃ)")
_TAKES_BACK = later(
    "訂正|撤回|取り消|取消|言い直|前言|冗談|嘘|うそ|虚偽|(?:答え|回答|判断|結論|主張|見解"
    "|上記|これ|それ|以上)(?:は|が)[^、。]{0,6}(?:誤り|間違|逆|反対|正しくな|正しくあ)"
)
_CORRECTS = later(
    "訂正|再確認|見直|見落と|見誤|見間違|誤り(?:でした|です|だっ|で)|改め(?:て|ま)|当初"
    "|最初|先に|先ほど|初め|はじめ"
)
_META = later(
    "例えば|たとえば|問題文|選択肢|答えるよう|答えるべき|回答例|出力例|形式で|のいずれか(?:で"
    "|を)|のどちらか(?:で|を)|と(?:書|答え|回答)(?:けと|ろと|せよ|いてはいけ|てはいけ"
    "|してはいけ|るな)"
    "|と(?:答え|言い|書き)たい|(?:はい|いいえ)とは(?:答え|言"
    "|い[えわ])|と(?:聞[いき]|言われ|伺[いっ]|報告され)|ではいけ|てはなら|だったら|仮定"
)
_EXPLAINS = later(
    r"影|陰|反射|照明|光|ノイズ|撮影|撮像|カメラ|レンズ|フレア|露出|露光|ピント|ボケ|ぼけ"
    r"|ぼや|映り込み|写り込み|見え方|見かけ|見た目の|角度|構図|画角|圧縮|フリッカー|モアレ"
    r"|オーブ|ブレ"
    r"|1枚目の?[^、。は]{0,12}も|1枚目と(?:同|変わ)|同程度|[先前]の(?:写真|画像)[でに]も"
    r"|画像1にも|画像1でも|前者の?(?:画像|写真)?に[も]|両方|両者|両画像|どちら|いずれ"
    r"|2枚とも|双方|もともと|元々|個体差|対象外|数え(?:ませ|な|ず)|含め(?:ませ|な|ず)"
    r"|除外|無視|見誤|見間違|錯覚|勘違い|作業台|背景|ではな[くい]|では(?:あり|ござい)ません"
    r"|当た(?:りませ|らな)|関係(?:は|が)?(?:あ?りませ|な)|気のせい|規格内|許容|問題(?:な"
    r"|あ?りませ)"
    r"|考慮(?:に入れ|し)(?:ませ|な|て)|加工痕|仕様|設計"
)
_CLEARER = later(
    "(?:はっきり|鮮明|くっきり|よく|明瞭)[^、]{0,8}(?:見え(?!な|ま?せ|に)|写(?!ら)|分か(?!ら|りませ)|わか(?!ら|りませ)|捉え|撮れ)"
    "|性能|高画質|高解像|おかげ|優れ|最新|本物|実在"
)
"""What shows a fault the better, and explains none away: 「カメラの性能がよいためはっきり見えます」."""


def _explains(core: str) -> bool:
    """Say whether a piece names what may explain a fault away, and does not only mention it."""
    if not _EXPLAINS.search(core) or _CLEARER.search(core):
        return False
    return _EXPLAINS.search(_SETTING.sub("", core)) is not None or _LINKS.search(core) is not None


_SETTING = later(
    "照明|光|撮影|撮像|カメラ|レンズ|角度|構図|画角|作業台|背景|どちら|いずれ|両方|両者|両画像|双方|2枚とも"
)
"""What every photograph has: it explains only what it is said to cause, or to show as well."""
_LINKS = later(
    "せい|ため|説明|歪|による|より|影響|もの|加減|関係|都合|具合|起因|由来|原因|[違差]|変化|変わ|(?<!い)ずれ|ズレ|見え|写り|映り|あり|ある|見られ|認め"
    "|同じ|同様|共通|存在|付い|汚れ|問題|だけ|のみ|では|模様|一部|いたずら|(?:照明|光|撮影|カメラ|レンズ|角度|構図|画角|作業台|背景)$"
)


_SAFE_SAME: frozenset[Says] = HARMLESS - {"maybe"} | {"no", "argues", "rest"}
_ASSERTED = frozenset(("fault", "differs", "different", "maybe", "absent", "not_light", "unknown"))


def read_by_answer(text: str, words: AnswerWords) -> Second:
    """Return the verdict of a Japanese text that answers explicitly at its end or its beginning."""
    if not words.usual or words.special:
        return Second(None)
    sentences = outlined(text)
    if not sentences or any(one.question and lexicon.ALIKE.search(one.text) for one in sentences):
        return Second(None)
    told = steps_apart([told_of(one, words) for one in sentences])
    place = _decisive(told)
    if place is None:
        return Second(None)
    decisive = told[place]
    verdict = decisive.verdict
    if verdict is None or any(_blocks(one, number, place) for number, one in enumerate(told)):
        return Second(None)
    fits = _fits_same(told, place) if verdict == "same" else _fits_different(told, place)
    return Second(verdict, decisive.sentence.text) if fits else Second(None)


def answer_given(text: str, words: AnswerWords) -> Verdict | Literal["part"] | None:
    """Return what the last yes or no means, or the last sentence; "part" if it is of a part, or light."""
    if not words.usual or words.special:
        return None
    sentences = outlined(text)
    if any(one.question and lexicon.ALIKE.search(one.text) for one in sentences):
        return None
    given = [one for one in sentences if _MAY_ANSWER.search(one.text)]
    if any(restricted(one.text) for one in given):
        return "part"
    frank = [told.verdict for told in (told_of(one, words) for one in given) if told.frank]
    if frank:
        return "part" if frank[-1] == "different" and _light_alone(sentences, words) else frank[-1]
    return told_of(sentences[-1], words).verdict if sentences else None


def _light_alone(sentences: Sequence[Sentence], words: AnswerWords) -> bool:
    """Say whether light is said to be all that differs: 「はい、違いがあります。明るさだけです」."""
    acts = {one.says for told in sentences for one in told_of(told, words).pieces}
    return "only_light" in acts and not acts & (_ASSERTED - {"different"})


_MAY_ANSWER = later("はい|いいえ")


def _decisive(told: Sequence[Told]) -> int | None:
    """Return the place of the sentence that decides: the last explicit one, if all agree or it corrects."""
    places = [number for number, one in enumerate(told) if one.verdict]
    if not places:
        return None
    frank = [number for number in places if told[number].frank]
    last = (frank or places)[-1]
    others = {told[number].verdict for number in places if number != last}
    if others - {told[last].verdict}:
        corrected = any(_CORRECTS.search(one.sentence.text) for one in told[: last + 1])
        if not corrected or any(
            told[number].verdict != told[last].verdict for number in places if number > last
        ):
            return None
    if not frank and last != len(told) - 1:
        return None
    if last == len(told) - 1 or last == 0 or not any(map(_turns, told[last + 1 :])):
        return last
    return None


def _turns(one: Told) -> bool:
    """Say whether a sentence behind the answer may restrict it."""
    return any(each.says in ("unknown", "argues") for each in one.pieces)


def _blocks(one: Told, number: int, place: int) -> bool:
    """Say whether a sentence leaves the answer open, whatever the answer is."""
    text = one.sentence.text
    if one.sentence.question:
        return number > place or number > 1
    if attitude.refuses(text) or _META.search(text) or (attitude.in_general(text) and number != place):
        return True
    if _OF_A_PART.search(text) or _CONTRADICTS.search(text):
        return True
    if _HARD_DOUBT.search(text) and number != place and not _conceded(text):
        return True
    back = _TAKES_BACK.search(text) is not None
    if back and (number > place or not _CORRECTS.search(text)):
        return True
    if number > place:
        return any(_doubtful(each) for each in one.pieces)
    if number == place:
        return not one.frank and (lexicon.DOUBT.search(text) or _UNSURE.search(text)) is not None
    return False


def _conceded(text: str) -> bool:
    return re.search("(?:が|ものの|けれど|けど)(?:、|$)", text) is not None


_OPENS_AGAINST = later("^(?:しかし|ただ|でも|とはいえ|もっとも|ところが|一方|けれど|だが|ですが|実は|実際)")


def _doubtful(one: Said) -> bool:
    """Say whether a piece behind an answer is not understood, and does not only explain it away."""
    if one.says not in ("unknown", "argues"):
        return False
    core = one.piece.core
    explained = _explains(core)
    return not explained or one.says == "argues" or lexicon.SUPPOSES.search(core) is not None


def _fits_same(told: Sequence[Told], place: int) -> bool:
    """Say whether nothing beside the answer asserts a difference that is not explained."""
    pieces = _pieces(told, place)
    if not figures_agree(pieces) or contrasted(pieces):
        return False
    for number, one in enumerate(pieces):
        core = one.piece.core
        behind = one.piece.sentence > place + 1
        if behind and one.piece.contrast and one.says not in _SET_ASIDE and not _explains(core):
            return False
        if one.says == "seems" and not one.piece.conceded and not _explained(pieces, number):
            return False
        if one.says in _SAFE_SAME or (one.says == "yes" and one.piece.conceded):
            continue
        if one.says == "yes":
            return False
        if one.says == "absent" and one.piece.side != 2 and not _UNDONE.search(core):
            continue
        if one.says == "maybe" and not one.piece.side and _BELONGS.search(core) and not _MOVED.search(core):
            continue
        names = lexicon.FAULT.search(core) or lexicon.DIFFERS.search(core) or _EXCEPTS.search(core)
        if one.says == "unknown" and not names and not one.piece.contrast and one.piece.sentence < place + 1:
            continue
        if not _explained(pieces, number):
            return False
    return True


_SET_ASIDE: frozenset[Says] = frozenset(
    ("light", "varies", "both", "alike", "fine", "sound", "same", "only_light", "not_different", "no")
)
_BELONGS = later("穴|孔|線|筋|模様|点|跡|ついて|付いて|長く|細く|太く|短く")
_MOVED = later("曲ガ|傾|浮|増え|減|取れ|落ち|倒れ|倒さ|なって|動い|切れ|欠(?=が|は)")
"""What may belong to a thing, and what has befallen it."""
_EXCEPTS = later("以外|を除|のぞ[いけく]|だけ|のみ|しか|に限|逆|反対|別の")
_UNDONE = later(
    "(?:点灯し|動作し|閉じ|閉まっ|締まっ|嵌っ|はまっ|付い|固定され|装着され)て(?:い|お)(?:ませ|な|ら)"
)
"""What should have been done to a part, and was not."""
_BEHIND = 4
"""Pieces behind a suspicion, in which it may be explained away."""


def _in_order_before(one: Said) -> bool:
    """Say whether a piece tells that the first picture is in order, which explains no fault of the second."""
    first = one.piece.side == 1 or lexicon.FIRST.search(one.piece.core) is not None
    return first and one.says in ("fine", "sound") and "も" not in one.piece.core.replace("とも", "")


def _explained(pieces: Sequence[Said], number: int) -> bool:
    """Say whether a suspicion is explained away, by itself or in the pieces behind it."""
    one = pieces[number]
    alike = lexicon.ALIKE.search(one.piece.core) and not lexicon.BARE_NO.search(one.piece.core)
    if one.says == "unknown" and alike and not _EXCEPTS.search(one.piece.core):
        return True
    if one.says in ("unknown", "not_light") and _explains(one.piece.core):
        return True
    for after in pieces[number + 1 : number + 1 + _BEHIND]:
        if after.piece.sentence > one.piece.sentence + 2:
            break
        if after.says in ("fault", "differs", "different") and not _explains(after.piece.core):
            return False
        if after.says == "not_light" or _in_order_before(after):
            return False
        if after.says in ("both", "varies", "not_different", "only_light"):
            return True
        if _explains(after.piece.core) and after.says != "alike":
            return True
    return False


def _pieces(told: Sequence[Told], place: int) -> list[Said]:
    """Return the pieces beside the answer, each in the light of its neighbours."""
    found = [each for one in told if not one.sentence.question for each in _told_beside(one, told[place])]
    return linked_pieces(found)


def _told_beside(one: Told, decisive: Told) -> tuple[Said, ...]:
    """Return the pieces of a sentence without the answer itself."""
    if one.verdict and one.frank:
        return tuple(each for each in one.pieces[:-1] if not re.search("はい|いいえ", each.piece.core))
    return one.pieces[:-1] if one is decisive else one.pieces


_PICTURE = later("^[^:、]{0,8}?(?:[12]枚目|画像[12])(?:の(?:写真|画像))?[:はでに]+")


def _described_apart(pieces: Sequence[Said]) -> bool:
    """Say whether the two pictures are described, and not alike: 「1枚目:ピン8本」, 「2枚目:ピン7本」."""
    told = {
        side: [_PICTURE.sub("", one.piece.text) for one in pieces if one.piece.side == side]
        for side in (1, 2)
    }
    return bool(told[1] and told[2]) and told[1] != told[2]


_CALM = later(f"{lexicon.ALIKE.pattern}|{lexicon.LIGHT.pattern}")


def _fits_different(told: Sequence[Told], place: int) -> bool:
    """Say whether something may be the difference, and nothing says that all is the same."""
    pieces = _pieces(told, place)
    if not pieces:
        return told[place].frank
    if any(
        one.says in ("same", "sound", "only_light") and not (one.piece.conceded or one.piece.side == 1)
        for one in pieces
    ):
        return False
    if any(one.says == "no" and not one.piece.conceded for one in pieces):
        return False
    named = [
        one
        for one in pieces
        if (one.says in _ASSERTED or (one.says in ("calm", "shape") and one.piece.side == 2))
        and (
            one.says != "unknown" or lexicon.FAULT.search(one.piece.core) or not _CALM.search(one.piece.core)
        )
    ]
    if any(re.search("はい|いいえ", one.piece.core) and one.says != "calm" for one in named):
        return False
    return (
        bool(named)
        or _described_apart(pieces)
        or not any(one.says in ("alike", "fine", "both", "light", "varies") for one in pieces)
    )
