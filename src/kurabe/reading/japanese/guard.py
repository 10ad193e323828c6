"""What a "different" of a Japanese answer is held against: what else the answer says.

A rule may have taken a difference from one clause: a mention, a change of the picture, a word that is no
fault. Unless the answer says so itself (はい, 「違いがあります」), every other sentence that speaks of
sameness, denies or closes must be understood as one about another part; what tells of the picture alone is no
difference.
"""

import re
from typing import Literal

from kurabe.reading.answers import AnswerWords
from kurabe.reading.japanese import attitude, lexicon
from kurabe.reading.japanese.linking import Said, linked_pieces
from kurabe.reading.japanese.pieces import cut
from kurabe.reading.japanese.scope import DIFFER_NOUN, Says
from kurabe.reading.japanese.statements import says
from kurabe.reading.keys import polarity, truth
from kurabe.reading.lines import lines, split_sentences, unquoted
from kurabe.reading.patterns import later

Held = Literal["stands", "picture", "open"]
"""The difference stands; only the picture is said to differ, and the thing not; it is left open."""

_ALIKE = "(?:同じ|同一|同等|同様|一致|合格|正常|どおり|通り)"
_FRANK = later(
    "不合格|(?:^|[^a-z])ng(?:$|[^a-z])|不一致|相違あり|差あり|違いあり|変化あり|差異あり|有意差を認め|非同一|別(?:の部品|物)"
    f"|{DIFFER_NOUN}(?:が|は|も)?、?[^、はが]{{0,8}}(?:あり(?!ませ)|有り|ある(?:$|もの|状態|と(?:考え|判|言|い|思))"
    "|認め(?:られ(?:ます|る|た|ました)|ました|た$)|見つかりました|出てき(?:ました|た)|見られ(?:ます|る)|確認(?:でき(?:ます|る)|されました))"
    "|異なる(?:と|$)|異なります|違うと(?:言|判|考)|[:は]、?違(?:う|います)$|^(?:あります|ある|あり|有り?)$"
    f"|{DIFFER_NOUN}(?:は|が)[^、はが0]{{0,6}}(?:[1-9一二三]|ひと)(?:点|つ|か所|箇所|件)"
    "|(?:違うの|違い|異なるの|変わったの|相違点?|差異?)は[^、]{1,14}(?:だけ|のみ)(?:$|です|だ)"
    f"|{_ALIKE}[^、はが]{{0,10}}、?(?:では|じゃ|と(?:は|も)(?:言え|いえ|判断|認め|見な)|わけ(?:では|じゃ|でも))[^、]{{0,6}}(?:な|ませ|あり|ず)"
    f"|{DIFFER_NOUN}(?:が|は)ない(?:と(?:は|も)|わけ(?:では|じゃ)|かと思い)|(?:同じ|同一性?|一致)[: ]+いいえ"
)
"""An explicit statement that the two differ."""
_SAID = (
    "(?=$|[、 (。)]|です|である|だ$|と(?:答え|回答|し|判|なり|考)|を(?:選|回)"
    "|に(?:なり|し|丸|改)|が(?:妥当|答|正|適))"
)
_YES = later(f"(?:^|[ :、」よはとてでらめ])(?:はい|ハイ)(?!と答える(?:ほど|だけ|理由|根拠|べき|に)){_SAID}")
_NO = later(f"(?:^|[ :、」よはとて])いいえ(?!と答える(?:ほど|だけ|理由|根拠|べき|に)){_SAID}")
_BOTH_WORDS = later(
    "はい[かとや、/]*(?:または)?いいえ|なければいいえ|あればはい|(?:なら|ば|場合は?)、?(?:はい|いいえ)$"
)
"""The question repeated: 「はいかいいえで答える問題だ」."""

_LIGHT = lexicon.LIGHT.pattern.replace("|回転", "")  # a chip that is turned is no turned picture
_PICTURE = later(
    f"{_LIGHT}|(?:写真|画像|画面|全体)[^、]{{0,8}}回転|薄暗"
    "|暗がり|暗部|圧縮|ブロックノイズ|ガンマ|ピクセル|画素|(?<![ァ-ヶー])シフト(?![ァ-ヶー])|蛍光灯|白熱灯|自然光|日光|昼光|夕日"
    "|むら(?=だけ|の|で|が|は)|彩度|輝度|ぶれ|(?<![ァ-ヶー])ブレ(?![ァ-ヶー])|焦点|ズーム|寄りで|引きで|接写|トリミング|色(?:かぶり|被り|合い)"
    "|写真(?:の|側の|のほうの|の方の)(?:問題|都合|せい)|(?:写真|画像|[12]枚目|全体)[^、は]{0,6}[がは][^、はが]{0,8}"
    "[左右上下](?:側)?に(?:寄っ|ずれ|ズレ)"
    "|(?:写真|画像|画面|[12]枚目)(?:全体)?[がはの]?[^、はが]{0,8}(?:粗[いくさ]|荒[いれ]|にじ|滲|白っぽ)"
    "|撮(?:った|られ|り)|天気|天候|時間帯|日当たり|電球の色|明かり|灯り|(?:フレーム|画面|写真|画角|枠)の外|撮る人|撮影者|撮り手|室内灯|印刷の|現像"
)
"""Of the picture, and not of the thing."""
_OF_PICTURE = later(
    "(?:圧縮|画像|写真|ノイズ|撮影|画質|jpeg|印刷|現像|照明|電球|色|光|輪郭)[^、はが]{0,4}(?:に)?(?:由来|特有|よる)?の(?:乱れ|荒れ|にじみ|滲み|劣化"
    "|問題|ずれ|むら|崩れ)"
    "|写真(?:の|側の|のほうの|の方の)(?:問題|都合|せい)|[左右上下](?:側)?[にへ][^、はが]{0,8}(?:寄|ずれ|ズレ|シフト)"
    "|位置の?(?:ずれ|ズレ)|ピントが?の?(?:外れ|ハずれ|ずれ|合わ)|無視|無影"
)
_MENTIONS = later(
    f"{DIFFER_NOUN}(?:点)?を[^、はが]{{0,10}}(?:探|挙げ(?:て|よう)|列挙(?!すると|すれば)|候補|見つけよう|数えよう|洗い出|疑)"
    f"|{DIFFER_NOUN}の(?:有無|候補|欄)|かと(?:焦|思(?!いきや)|驚|疑|案じ|心配|ひや)|(?:つけ|付け|書き|言い|答え|押し|選び|し)かけ(?:て|た|まし)|(?:候補|疑い)に挙げ|除いて考え|答える問題(?:だ|です)?$"
)
"""A difference that is only looked for, or asked about."""
_SHARED = later(
    "(?:以前|前|最初|元|もと|当初|はじめ|初め)から|(?:^|、|は)(?:以)?前に?も|もともと|元々|元からの|以前と(?:同|変わ)|前回の?(?:写真|画像|検査)?(?:で|に)も|古い[^、は]{1,6}(?:は|が|も)そのまま|そのまま(?:残っ|見え)|同じように|同様に|(?:1枚目|[前先元上左]の(?:写真|画像)|画像1|画像a)(?:に|で)も"
)
"""What was so before, or is so in the first picture too."""
_OBJECT = "(?:対象(?:物)?|現物|実物|品物|本体|製品|部品|被写体|物|もの)(?:自体|そのもの)?"
_HARD = later(
    "無変化|無変更|不変|無差|差無|変化無|違い無|陰性|空白|空欄|該当(?:なし|せず|しな)|一つもな(?:かった|い$|く)"
    "|(?:全部|すべて|全て|どこも|何も|なにも|なんも|どれも|左右で|前後で)[^、]{0,8}(?:合って|合いま|同じ|一緒|変わ(?:ら|りな|って))"
    "|[abとも]は合って(?!いな|いませ)|^(?:これ|両者|二者|2枚|両方)(?:は|とも)(?:同一|同じ|一致)|変わってへん|変わらへん|変わっとらん|同一と認"
    f"|(?:^|{_OBJECT}(?:に|には|へ)?(?:は)?、?|何の|なんの)手[はがも]?、?(?:加わ|加え|入)[^、]{{0,6}}(?:ない|ませ|ず)"
    f"|{_OBJECT}(?:に|は)[^、]{{0,12}}(?:変化|違い|差|変更)[^、]{{0,8}}(?:ない|ませ|なし|ず)$"
    "|何(?:ひとつ|一つ|も)[^、]{0,6}(?:動|変わ|加わ|入っ|増え|減)[^、]{0,4}(?:ない|ませ|ず)"
    "|^(?!.*(?:同じ|同一|ない|一致|いいえ|影)).*(?:思い過ごし|気のせい|勘違い|思い違い|見間違い|見誤り|早合点)(?!では)"
    "|(?:自体|そのもの)(?:は|も)[^、]{0,6}(?:同じ|同一|変わ(?:ら|りな|りませ|って(?:い|お)?(?:な|ませ)))"
    "|(?:列挙|挙げる|報告|指摘|数える|書く|言う)(?:す)?べき(?:もの|点|こと)?(?:が|は|も)?(?:ない|なし|ありませ|なかった)"
)
"""What denies any difference, whatever else is understood."""
_NONE = later(f"{DIFFER_NOUN}(?:は|が|も)?、?[^、はが]{{0,8}}(?:なし|無し|無い|ゼロ|皆無|ない|ません)$")
_CLOSES = later(
    "同じ|同一|一致|合って(?!い?な|いませ)|合致|合いま|同様|変わ(?:ら|りな|りませ|りの?無)|変わって(?:い|お)?(?:な|ませ|ら)|へん"
    "|保存され|保たれ|影(?:だ|です|で|と(?:思|見|考|判))|むら(?:だけ|です|で)|だけ(?:です|や|だ|$)"
    "|(?:ない|なく|なかった|なし|無し|無い|ません|ませんでした|おらず|されず|られず|きず|らず)(?:$|と|た|の|、|ため|か)"
)
_MASKED = later(
    "なくなっ|なくなり|(?:1枚目|基準|前の写真|上の写真|左の写真|元の写真|画像1|画像a|前者)[^、はがも]{0,4}(?:に|で)(?:は)?(?:なかった|ない|存在しない|見られない)"
    "|(?:見逃せ|間違い|違い)ない|しかな(?:い|く)|なし/あり|(?:足り|合わ|一致し|そろわ|揃わ|見え)(?:て(?:い|お))?(?:ない|ず|ません)"
    "|同じ(?:では|じゃ)|同じ(?=[^、]{1,6}(?:な|の)(?:のに|はず))"
)
"""What looks like a closure and tells of a difference."""
_ELSEWHERE = later(
    "他|ほか|以外|除|残り|大部分|大半|ほとんど|ほぼ|一部|一見|だけ(?:で)?は|もし|明るさ|照明|背景|構図|ぱっと見|片方|一方|2枚目|もう1"
)
"""What is so of the rest, or nearly: it goes with a difference."""
_UNDERSTOOD: frozenset[Says] = frozenset(
    (
        *("alike", "fine", "rest", "both", "shape", "light", "absent", "fault", "differs", "different"),
        *("maybe", "not_light", "calm", "varies", "seems"),
    )
)
_EVIDENCE: frozenset[Says] = frozenset(("fault", "differs", "different", "absent", "maybe", "not_light"))
_DENIED: frozenset[Says] = frozenset(
    ("alike", "fine", "same", "sound", "both", "only_light", "light", "rest")
)
_NAMES = later(f"{lexicon.FAULT.pattern}|{lexicon.DIFFERS.pattern}|{lexicon.MAY_BE_FAULT.pattern}")


_NOT_AGAINST = later(
    "^.*?(?:無視して(?:も)?|除いて(?:も)?|除けば|除外して(?:も)?|差し引いて(?:も)?|考慮して(?:も)?|以外(?:の|にも?)(?=違い|差|変化|相違)|とは別に|とは関係なく|だけでなく|(?:影|光|反射|照明|ノイズ|角度|ブレ|ピント|色|圧縮|ボケ|位置|撮影)[^、]{0,8}ではなく)、?"
)
"""What sets the picture aside before it tells of the thing."""


def pieces_of(text: str) -> tuple[list[Said], bool]:
    """Return what each piece of a text outside tables says, and whether questions were left out."""
    found: list[Said] = []
    asked = False
    number = 0
    for line in (one for one in lines(text) if not one.cells):
        for part in split_sentences(line.text):
            number += 1
            whole = unquoted(part)
            if attitude.asks(part):
                asked = True
            elif not _BOTH_WORDS.search(whole):
                plain = _NOT_SHADOW.sub("印", whole).replace("残りゼロ", "該当なし")
                found += [Said(piece, says(piece)) for piece in cut(plain, number)]
    return linked_pieces(found), asked


_NOT_SHADOW = later("印影")


def held_against(text: str, words: AnswerWords, quoted: str = "") -> Held:
    """Return whether a difference that was read in a text stands beside all that the text says.

    Args:
        text: The answer.
        words: What its yes and no mean.
        quoted: The clause that the difference was taken from.
    """
    found, asked = pieces_of(text)
    yes, no = (_YES, _NO) if words.asks == "difference" else (_NO, _YES)
    if any(map(_keyed_apart, text.splitlines())):
        return "stands"
    if any(_frank(one, yes) for one in found):
        return (
            "open"
            if any(_REFUSES.search(one.piece.text) and not _frank(one, yes) for one in found)
            else "stands"
        )
    if not asked and any(no.search(one.piece.text) and not one.piece.conceded for one in found):
        return "open"
    if any(map(_closes, found)):
        return "picture" if _only_picture(found) else "open"
    waived = [number for number in range(len(found)) if _waived(found, number)]
    telling = [one for number, one in enumerate(found) if number not in waived and _tells(one)]
    void = _is_void(quoted) or any(quoted and quoted in found[number].piece.text for number in waived)
    if any(one.says in _EVIDENCE or not void for one in telling):
        return "stands"
    if void or waived:
        return "picture" if _only_picture(found) else "open"
    if any(map(_changes_picture, found)):
        return "picture" if _only_picture(found) else "open"
    return (
        "open"
        if any(_MENTIONS.search(one.piece.text) or _shared(one.piece.text) for one in found)
        else "stands"
    )


_DISCOUNTS = later(
    "(?:カウント|計上)(?:し|され|に)(?:ない|ませ|入)|数え(?:ない|ませ)|対象外|含め(?:ない|ませ)|不問|差とは|違いとは|違いには|差には"
)
_CAUSED = later(
    "(?:影|反射|光|向き|角度|せい|加減|具合|問題|都合|影響|ため|から|照明)(?:や|や?ね|だろう|だね|です|でしょう|と(?:思|見|考)[^、]*)?$"
)


def _waived(found: list[Said], place: int) -> bool:
    """Say whether what follows a "but" sets aside, or puts down to the light, what stands before it."""
    one = found[place]
    behind = [after for after in found[place + 1 : place + 3] if after.piece.sentence == one.piece.sentence]
    return one.piece.conceded and any(
        _DISCOUNTS.search(after.piece.core)
        or (_PICTURE.search(after.piece.core) and _CAUSED.search(after.piece.text))
        for after in behind
    )


_REFUSES = later("決められ(?:ない|ませ)|決めかね|判断でき(?:ない|ませ)|分かりません|わかりません")


_KEYED = later(r"[\s*・-]*(?P<key>[^:：=\n]{1,20}?)[\s*]*[:：=]\s*(?P<value>[^:：\n]{1,12})")


def _keyed_apart(line: str) -> bool:
    """Say whether a line is a key that asks for the verdict, and its value says that the two differ."""
    keyed = _KEYED.fullmatch(line.strip(" -*・"))
    key = polarity(keyed["key"]) if keyed else None
    if keyed is None or key is None or key.kind not in ("verdict", "answer"):
        return False
    holds = truth(keyed["value"])
    if key.true is None or holds is None:
        return re.fullmatch("different|mismatch|相違|異なる|違う", keyed["value"].strip().lower()) is not None
    return holds == (key.true == "different")


def _is_void(quoted: str) -> bool:
    """Say whether the clause that a difference was taken from tells of none of the thing."""
    taken = cut(quoted, 0)
    return any(_of_no_thing(piece.text) for piece in taken) and not any(
        _tells(Said(piece, says(piece))) for piece in taken
    )


_NEARLY = later("(?:つけ|付け|書き|言い|答え|押し|選び|し)かけ(?:て|た|まし)")
"""An answer that was nearly given."""


def _frank(one: Said, yes: re.Pattern[str]) -> bool:
    """Say whether a piece is an explicit answer that the two differ, and not in the light alone."""
    text, core = (_NOT_AGAINST.sub("", said) for said in (one.piece.text, one.piece.core))
    if one.piece.conceded or _PICTURE.search(text) or _NEARLY.search(text):
        return False
    return any(yes.search(said) or _FRANK.search(said) for said in (text, core))


def _of_no_thing(text: str) -> bool:
    """Say whether words speak of the picture, of what was so before, or only look for a difference."""
    return any(words.search(text) for words in (_PICTURE, _MENTIONS, _HARD)) or _shared(text)


_GROWN = later(
    "加えて|ほかに|に対し|(?:大きく|長く|深く|濃く|広ガ|伸び|増え|進[みん])[^、なま]{0,5}(?:ます|まし|る|た)"
)
"""What was so before and is more so now: 「前からあるへこみが大きくなっています」."""


def _shared(text: str) -> bool:
    """Say whether words tell of what was so before, and has not grown."""
    return _SHARED.search(text) is not None and not _GROWN.search(text)


def _tells(one: Said) -> bool:
    """Say whether a piece may tell of a difference of the thing."""
    text = _NOT_AGAINST.sub("", one.piece.text)
    if one.says in _DENIED or _MENTIONS.search(text) or _shared(text) or _HARD.search(text):
        return False
    if _PICTURE.search(text):
        return one.says == "not_light" or lexicon.FAULT.search(_OF_PICTURE.sub("", text)) is not None
    if one.says == "seems" and one.piece.conceded:
        return False
    if one.says in _EVIDENCE:
        return True
    return bool(_NAMES.search(text) or one.piece.side or lexicon.OTHER.search(text))


_ONLY_TAKEN = later("(?:で|から|に|を)?(?:撮影|撮像)(?:され|し)(?:て(?:い|お)|た|まし)[^、]*$")
"""How both pictures were taken: 「画像は真上から撮影されています」."""


def _changes_picture(one: Said) -> bool:
    """Say whether a piece tells of a change of the picture, and not of its sameness."""
    text = _ONLY_TAKEN.sub("", one.piece.text)
    return _PICTURE.search(text) is not None and not lexicon.ALIKE.search(text)


_DEVICE = later(
    "(?:レンズ|カメラ|シャッター|フラッシュ|フレーム|照明|ランプ|電球|光源)(?:が|は|に(?!よ)|も|を)"
)
"""What takes or lights the picture may be the thing itself."""


_EXCEPTS = later("以外|除[いけくき]|ほか|他|残り|しか|ただし|一部|それでも")


def _only_picture(found: list[Said]) -> bool:
    """Say whether all pieces tell of the picture, or deny a difference."""
    return any(map(_changes_picture, found)) and all(
        not _tells(one)
        and one.says != "different"
        and not _EXCEPTS.search(one.piece.text)
        and not lexicon.DOUBT.search(one.piece.text)
        and (one.says in _DENIED or _denies_all(one) or _pure(one.piece.text))
        for one in found
    )


_TWISTED = later(
    "わけ|とは|とも|かと|ない(?:で|こと|と|の)|一致しな|そろわ|合わな|合っていな|同じで(?:は|な)"
)


def _denies_all(one: Said) -> bool:
    """Say whether a piece denies any difference, and is not denied itself."""
    text = one.piece.text
    denies = one.says in ("same", "sound", "only_light") or _HARD.search(text) or _HARD.search(one.piece.core)
    return bool(denies) and not _TWISTED.search(text)


def _pure(text: str) -> bool:
    """Say whether words speak of the picture, and hold nothing that might speak of the thing."""
    if not _PICTURE.search(text) or _DEVICE.search(text):
        return False
    left = _OF_PICTURE.sub("", text)
    odd = (lexicon.FAULT, lexicon.MAY_BE_FAULT, lexicon.CHANGED, lexicon.BARE_NO)
    return not any(words.search(left) for words in odd)


def _closes(one: Said) -> bool:
    """Say whether a piece may deny the difference, and is not understood as one about another part."""
    text, core = (_MASKED.sub("", said) for said in (one.piece.text, one.piece.core))
    if one.piece.conceded or _ELSEWHERE.search(text):
        return False
    if _HARD.search(text) or _HARD.search(core):
        return True
    if one.says in ("same", "sound", "only_light", "not_different"):
        return one.piece.side != 1
    if one.says not in ("alike", "fine", "both") and _NONE.search(core):
        return True
    return one.says not in _UNDERSTOOD and one.piece.side != 1 and _CLOSES.search(text) is not None


_ONE_HAS = later(
    "(?:1枚目|基準|[前先元上左]の(?:写真|画像)|画像1|画像a|前者)(?:に|で)(?:は)?(?:な(?:い|かった)|存在しない|見られない|写っていない)"
    "[^、。]{1,20}(?:が|も)[^、。はが]{0,12}(?:開い|あり|ある|付い|つい|でき|見られ|生じ|現れ|写っ|確認でき|認められ|増え|加わ)"
    "(?![^。]*(?:ない|ませ|ず))"
)
"""「1枚目になかった大きな穴が開いている」"""


def only_second_has(text: str) -> bool:
    """Say whether something is said to be in the second picture, and not in the first, and no light."""
    found = pieces_of(text)[0]
    return any(
        _ONE_HAS.search(one.piece.text) and not _PICTURE.search(one.piece.text) and not one.piece.conceded
        for one in found
    )
