"""Japanese hedges that commit, first impressions that are dismissed, and other framings; see `paraphrases`.

Who says what is likely, 「おそらく同じです」, has answered; what is only possible,
「かもしれません」, stays a doubt.
"""

import re

from kurabe.reading.japanese.sentences import tokens
from kurabe.reading.patterns import later
from kurabe.reading.wording import Rule

_1 = (
    r"(?:(?:1|一)枚目|(?:上|左|最初|元|基準|良品)の(?:写真|画像|部品)|画像\s?[1a]|基準(?:画像|品)|良品|見本)"
    r"(?:の(?:写真|画像))?"
)
_2 = (
    r"(?:(?:2|二)枚目|(?:下|右|次|最後|検査)の(?:写真|画像|部品)|画像\s?[2b]|検査(?:画像|品|対象)|最後の1枚)"
    r"(?:の(?:写真|画像))?"
)
_OPEN = later(
    r"かも|可能性|かどうか|もし|たら|れば|(?:ます|です|ません|でしょう|だろう)か|[?？]|わから|分から|判断でき"
)
_FRAGMENT = later("(?:ある|ない)の?(?:でしょう|だろう)")
_LIKELY = later(r"(?:おそらく|恐らく|たぶん|多分|十中八九|ほぼ間違いなく)、?")
_SAYS_SO = later(r"(?P<end>い|る|た|ん|なし|あり)?(?:のでしょう|でしょう|だろう)$")
_DONE = (
    "(?:変わっ|増え|減っ|欠け|失われ|動い|ずれ|消え|折れ|曲がっ|割れ|外れ|違っ|異なっ|加わっ|なくなっ|移動し"
    "|変化し)"
)
_LOOKING = (
    r"(?:拡大|よく見|詳しく見|注意深く見|細かく見|改めて見|じっくり見|確認|比較|よく比べ|見比べ)"
    r"(?:する|る|てみる|してみる)と、?"
)
_LIGHT = (
    r"(?:影|光|照明|反射|露出|ノイズ|コントラスト|ピント|明るさ)の"
    r"(?:濃さ|強さ|強弱|長さ|向き|位置|出方|落ち方|当たり方|当たり具合|具合|量|程度|色合い|加減)"
)


def _certain(match: re.Match[str]) -> str:
    end = match["end"] or ""
    return end if end else "です"


def committed(sentence: str) -> str:
    """Return a sentence without the hedge that it commits itself behind."""
    if _OPEN.search(sentence) or _FRAGMENT.fullmatch(sentence):
        return sentence
    return _SAYS_SO.sub(_certain, _LIKELY.sub("", sentence) or sentence)


_N = r"(?:[^、。はがもを]|(?<=[曲上下剥])が)"
"""A sign of a noun, but for particles."""
_NOT_THERE = (
    r"(?:[^、。はがも]{0,10}に(?:は|も)?)?、?(?:一切|全く|まったく|特に|どこにも|どちらにも)?(?:見られ"
    r"|確認(?:でき|され)|認められ|見当た(?:り|ら)"
    r"|あり|ござい|検出(?:でき|され))?(?:ません|ない|ず|なく|なし|なかった)"
)


def _found(match: re.Match[str]) -> str:
    """Write "there is" for a defect that was found, but not for a part that was looked at."""
    return f"{match[1]}があります" if tokens(match[1])[-1].code == "F" else match[0]


def _listed(match: re.Match[str]) -> str:
    """Write one defect for a list of them that is denied: 「割れや欠けは」."""
    codes = {word.code for word in tokens(match[1])}
    joined = re.search("や|または|、|・", match[1]) is not None
    return "傷は" if joined and "F" in codes and not codes & set("DKSJEeIno*") else match[0]


FRAMED: tuple[Rule, ...] = (
    (later(_LIGHT), "照明"),
    (later("はんだ"), "ハンダ"),
    (
        later(r"^(?:ご)?質問は[^。]{3,40}か(?:どうか)?(?:です|という(?:もの|こと)です|とのことです)が、"),
        "",
    ),
    (later(r"^結局、?"), ""),
    (later(r"(?<=[るくす])ためには、?"), "には"),
    (later(r"ておらず(?=、|$)"), "ていません"),
    (later(r"(?:^|(?<=、))所見[:：]\s?"), ""),
    (later(r"(?:変化した|変わった|異なる|違う)と(?:言える|いえる)(?:点|箇所|ところ)は"), "違いは"),
    (
        later(
            r"^[^、。]{0,14}(?:照明|明るさ|光|影|ノイズ|位置ずれ)[^、。]{0,8}は無視でき(?:ます|る)(?:が"
            r"|けれど|ものの)、"
        ),
        "明るさは違いますが、",
    ),
    (later(r"は無視でき(?:ません|ない)$"), "があります"),
    (
        later(
            rf"(?:^|(?<=に)|(?<=には)){_N}{{1,20}}(?:、{_N}{{1,10}})*(?:などの|といった)(?:不良|欠陥"
            rf"|異常|不具合)(?:は|が|も)"
        ),
        "傷は",
    ),
    (later(rf"({_N}{{1,12}})を(?:確認|検出|発見)し(?:まし)?た$"), _found),
    (
        later(
            r"^(?:わずかな|少しの|微小な)?(?:位置ずれ|位置ズレ|明るさ|照明|影|ノイズ|光)(?:の差"
            r"|の違い)?のほか(?:に|には|は)?、?"
            r"(?=.*(?:ない|ありません|なし))"
        ),
        "",
    ),
    (later(r"最後の(?:写真|画像|1枚)"), "2枚目の写真"),
    (later(r"検査対象(?=(?:で|に|は|が|も|だけ|のみ|と|の(?!画像|写真|品)))"), "検査品"),
    (
        later(
            r"(?<![^、。とやはがでも])良品(?=(?:で(?:は|も)|に(?:は|も|な|見)|と(?:同|異|違|検査|比|変"
            r"|の)|より))"
        ),
        "基準品",
    ),
    (
        later(
            r"^(?:断定|断言|確実なこと|確信|保証|確約)(?:は|まで)?(?:でき|言え|持て)(?:ません"
            r"|ない)(?:が|けれど|けど|ものの)、?"
        ),
        "",
    ),
    (
        later(rf"({_DONE})(?:た|て(?:いる|いた))ということは(?:なく、?|ありませんし、)"),
        r"\1ていません、",
    ),
    (
        later(rf"({_DONE})(?:た|て(?:いる|いた))ということは(?:ありません|ない(?:です)?)$"),
        r"\1ていません",
    ),
    (later(r"((?:相違|差異|違い|変化|異常|差|問題)点?は?(?:なし|無し|あり|ない|ある))とする$"), r"\1"),
    (later(r"(同一|同じ|同等|一致)(?:であ?る)?と(?:する|みなす|見なす)$"), r"\1です"),
    (
        later(
            r"と(?:判断|判定|結論|評価|認定|結論づけ|結論付け)(?:する|した|できる|される|されます"
            r"|いたします|る|られる)$"
        ),
        "と判断します",
    ),
    (later(r"(?:が|は|も)なさそう(?:です|だ|である)?$"), "はないです"),
    (later(r"よう(?:に(?:思われ|見受けられ|感じられ)(?:ます|る)|である)$"), "ようです"),
    (later(r"もの(?=と(?:思われ|考えられ|見られ|判断))"), ""),
    (later(r"ことに気(?:づ|付)(?:きました|いた|きます|いています)$"), "ことが分かりました"),
    (later(r"^[^。]{1,10}と(?:答え|判断し|思い|言い)かけ(?:まし)?たが、"), ""),
    (later(r"(同じ|同一)の?(?:もの|写真|画像|状態)?にしか見え(?:ません|ない)$"), r"\1に見えます"),
    (
        later(
            rf"({_N}{{1,12}})は(?:なく|無く|見られず|見当たらず|認められず)、({_N}{{1,12}})も(?=ない"
            rf"|ありません|見られ|見当た|認めら)"
        ),
        r"\1や\2は",
    ),
    # Two things that are denied: 「割れも欠けもありません」
    (
        later(
            r"(?:^"
            r"|(?<=、))([^、。はがもを]{1,14})も([^、。はがもを]{1,14})も、?(?=(?:[^、。はがもを]{0,10"
            r"}に(?:は|も)?)?"
            r"(?:一切|全く|まったく|特に)?(?:見られ|確認|認め|見当た|あり|ない|なく|なし|ござい|検出"
            r"|なかった))"
        ),
        r"\1や\2は",
    ),
    (later(rf"(?<=には)、(?={_1}(?:と(?:異|違)|に(?:は)?な))"), ""),
    (
        later(
            r"^.*(?:食い違う|異なる|違う|相違する)(?:点|箇所|ところ|部分)を?(?:探し|調べ"
            r"|確認し)(?:まし)?たが、[^。違異差欠傷]*"
            r"(?:なかった|ありませんでした|見つかりませんでした|見当たりませんでした|見つからなかった"
            r"|ありません|ない)$"
        ),
        "違いはありません",
    ),
    # First impressions: 「一見すると同じですが、拡大すると…」
    (
        later(
            r"^(?:一見|ぱっと見|一瞬)(?:すると|したところ|では|は)?、?[^、。]{0,16}(?:同じ|同一"
            r"|違いはない|変わらない)(?:よう)?"
            rf"(?:です|だ|に見え(?:ます|る|ました|た)?|に思え(?:ます|る)?)?が、(?:{_LOOKING})?"
        ),
        "似ていますが、",
    ),
    (later(rf"^(?:しかし、?|ただ、?)?{_LOOKING}(?=.)"), ""),
    (
        later(
            r"^(?:わずかな|単なる|少しの)?(?:位置ずれ|位置ズレ|ノイズ|照明|光|影|反射|明るさ"
            r"|露出)[^、。]{0,6}(?:のせい)?では?なく、"
        ),
        "",
    ),
    (later(r"^(?:目視|見た目|画像|写真)の範囲(?:では|で)、?"), ""),
    (later(r"^(?:見える|見た|確認できる|写っている)範囲(?:では|で)、?"), ""),
    (later(r"^[^、。はが]{1,14}も含め(?:て)?、?(?=.*(?:同じ|同一|一致|変わら))"), ""),
    (later(r"(?<=、)[^、。はが]{1,14}も含め(?:て)?、?(?=(?:すべて|全て|全体|何も))"), ""),
    (later(r"ほぼ(?:確実|間違いな)(?:に|く)"), ""),
    (later(r"のどれを[取と]っても、?(?=.*(?:同じ|同一|一致|変わら))"), "のいずれも"),
    (later(r"(?<=が)、それとは別に、"), "、"),
    (later(r"(?<=[もは])そのまま(?=(?:で(?:す|ある|した))|$|、)"), "同じ"),
    (later(r"元のまま(?=(?:で(?:す|ある|した))|$|、)"), "同じ"),
    (later(rf"(?:^|(?<=に)|(?<=には))((?:{_N}|、){{3,48}})(?:は|が)(?={_NOT_THERE})"), _listed),
    (later(r"^ステップ\s?\d{1,2}[:：]\s?"), ""),
)

_DISMISSED = later(
    r"^(?P<what>[^。]{2,60}?)(?:ように(?:も)?(?:見え|思え|感じられ)(?:ました|ます|る|た)?"
    r"|の?かと(?:思い(?:ました|きや)|思った|思われました)"
    r"|と(?:思い(?:ました|きや)|思った)|に(?:見え|思え)(?:ました|ます|る|た))(?:が|けれど|けど|ものの)?、"
    rf"(?:{_LOOKING}|実際(?:に)?は、?|結局、?|よく見れば、?)?[^。、違異差欠傷割曲折]{{0,10}}?"
    r"(?:光の加減|光の反射|光の具合|照明|反射|影|思い違い|勘違い|見間違い|錯覚|気のせい|ノイズ|映り込み"
    r"|写り込み)[^。、ない]{0,6}(?:でした|だった|です|である)$"
)
_LIKE = later(r"同じ|同一|一致|変わら|(?:違い|差|変化|異常)[はがも]?(?:な|あり|見)")


def dismissed(sentence: str) -> bool:
    """Say whether a sentence names what only seemed so: 「欠けたように見えましたが、影でした」."""
    match = _DISMISSED.match(sentence)
    return match is not None and _LIKE.search(match["what"]) is None


_CONTRADICTS = later(
    r"([^、。]{2,3})し?(?:て|ており|ていて|ています)?(?:おり|いて)?、?(?:かつ|なおかつ"
    r"|同時に)、?\1し?て?い?(?:ません|ない)"
)


def contradicts(sentence: str) -> bool:
    """Say whether a sentence says and denies one thing: 「一致しており、かつ一致していません」."""
    return _CONTRADICTS.search(sentence) is not None


_ONLY_THERE = later(
    rf"^(?:{_2}(?:の[^、。はが]{{1,8}})?に(?:は|のみ|だけ)?、?)?{_1}に(?:は|も)?(?:なかった|ない"
    rf"|見られない|見られなかった|存在しない|無い)"
    rf"(?P<thing>[^、。はがを]{{1,16}})(?:が|を)、?(?:{_2}(?:の[^、。はが]{{1,8}})?に(?:は|のみ|だけ)?)?"
    r"(?:1つ|一つ|\d(?:つ|個|本))?(?:あり|ある|写っ|見られ|確認|付い|入っ|存在|増え|加わ|追加|現れ|検出"
    r"|認め)[^なせ]*$"
)


_ALONE = later(
    rf"^(?!.*(?:[るたい]と|という|可能性|恐れ|主張|はず|べき|かも|説|疑い|限り|場合))(?:{_1}"
    rf"|{_2})(?:の[^、。はが]{{1,8}})?(?:に?だけ|に?のみ)(?:に|が|で)?、?[^。]*(?:て(?:い"
    rf"|おり)(?:ます|る)|ある|あります|ました)$"
)


def only_there(sentence: str) -> bool:
    """Say whether it tells of a thing that the first picture has not: 「1枚目になかった鍵があります」."""
    if _ALONE.match(sentence) and not any(word.code in "DKSEJeno*%" for word in tokens(sentence)):
        return True
    match = _ONLY_THERE.match(sentence)
    return (
        match is not None
        and re.search("[ばら]、|場合|可能性|かも|か$|はず|べき", sentence) is None
        and not any(word.code in "DKSE" for word in tokens(match["thing"]))
    )


_SAME_THERE = later(
    rf"^(?:こちら|{_2})(?:の[^、。はが]{{1,8}})?も(?:同様|同じ|まったく同じ|全く同じ)(?:で|であり|です"
    rf"|に|く)?(?:、(?P<rest>[^。]*))?$"
)


def same_there(sentence: str) -> bool:
    """Say whether a sentence says that the second picture is as the first: 「2枚目も同様で、…」."""
    match = _SAME_THERE.match(sentence)
    if match is None:
        return False
    codes = {word.code for word in tokens(match["rest"] or "")}
    calm = not codes & set("DKFCO^*|") and ("n" not in codes or "e" in codes)
    return calm and re.search("だけ|のみ|ただし", sentence) is None
