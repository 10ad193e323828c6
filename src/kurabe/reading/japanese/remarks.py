"""Japanese text without what is no part of the answer, in the spelling that the reader knows.

Printed words in quotation marks are a name, 「「検査済」という印」. Offers, remarks about what was left
out of account and echoes of the question say nothing of the pair.
"""

import re

from kurabe.reading.japanese import attitude, lexicon
from kurabe.reading.japanese.spelling import spelt
from kurabe.reading.patterns import later
from kurabe.reading.tables import with_cells

_PRINTED = later(
    "(?P<before>(?:シール|ラベル|スタンプ|刻印|印字|銘板|ロゴ|注意書き|表示|文字|型番"
    "|印刷|札|看板|ステッカー)(?:に|には|の)?)?"
    "「(?P<said>[^「」]{1,40})」(?P<after>(?:という|との|と(?:い)?った)?(?:の)?、?(?:文字"
    "|ロゴ|刻印|シール|ラベル|表記|表示|注意書き|注記|印字|印刷|スタンプ|検査済み|文言"
    "|文句|商品名|ステッカー|札|銘)"
    "|と(?:書|記|印刷|印字|刻|表示|プリント))?"
)
_ANSWER = later("(?:はい|いいえ)")


def without_prints(text: str) -> str:
    """Return a text in which printed words are a name: 「「違いがわかる人」と書かれたラベル」."""
    return _PRINTED.sub(
        lambda match: (
            f"{match['before'] or ''}名{match['after'] or ''}"
            if (match["before"] or match["after"]) and not _ANSWER.fullmatch(match["said"])
            else match[0]
        ),
        text,
    )


_LEFT_OUT = (
    "(?:背景|カメラ|小さな|軽微な|多少の|若干の|微小な|構図|位置|圧縮|粗さ|ざらつき|光|照明|明るさ|ノイズ|位置ずれ|影|反射|色味|ピント|露出|コントラスト|ぼけ|ボケ|角度"
    "|撮影条件|画質|余白|周囲|床|台|ずれ|差|変化|違い|の|や|と|、|など|等|画像|写真|撮影|わずかな"
    "|全体|状態|具合)"
)
_REMARK = later(
    f"(?:なお|また|ちなみに|今回|ここでは|ただし)?、?{_LEFT_OUT}{{1,12}}+(?:は|について(?:は)?"
    f"|に関して(?:は)?|を|も)、?"
    "(?:(?:今回の?)?(?:考慮|評価|判断|判定|比較|検査|対象|計算|違い)(?:の)?(?:対象|材料"
    "|範囲)?(?:に|から|と)?(?:は)?(?:入れ|含め|し|除外|除い|外し|数え|考慮)?|無視|除外"
    "|数え|含め|見な|問わ)"
    "[^、。がを]{0,14}(?:ません|ない|しました|した|います|いる|です|外|ます|ず)(?:です|でした)?"
    "|(?:この|以上の|上記の|今回の)?(?:判断|判定|回答|評価|比較|結果|答え|分析|結論|検査)は、?[^、。がも]"
    "{0,12}(?:写真|画像|見た目|外観|目視|与えられた情報)(?:から[^、。]{0,8})?(?:のみ|だけ)?(?:に"
    "|を)(?:基づ|もとづ|もと|拠|基|根拠)[^、。]{0,12}"
)
_OFFER = later(
    "(?:.*(?:あれば|でしたら|ましたら|ございましたら|場合(?:は|には)|(?<!実)際(?:は|には)|必要(?:なら"
    "|であれば)|ご希望(?:なら|であれば)|いただければ|頂ければ|たら|なら|れば)、?[^違異差同]*?"
    "(?:ください(?:ませ)?|下さい|お願い(?:いた|致)?します|幸いです|どうぞ|いただけます|頂けます|可能です|できます"
    "|いたします|致します|対応します|承ります|お知らせします|確認します|比較します|説明します|お答えします)"
    "|[^、。]{0,16}(?:ほか|他|別|追加|さらに|もっと|より詳し|詳しく)[^、。違異差欠]{0,24}こと(?:も|が)(?:できます|可能です)"
    "|[^。違異差同]{0,24}(?:必要|ご希望|ご入用|いかが)(?:で(?:しょう|す))か"
    "|(?:ほか|他|別|追加|さらに|もっと|より詳し|その他)[^、。違異差欠]{0,24}(?:確認|比較"
    "|検査|説明|分析|対応|お手伝い)[^、。]{0,6}(?:できます|可能です|いたします|致します"
    "|します|承ります)"
    "|(?:ご参考|ご安心|お役に立|よろしくお願い|ご確認|以上です|以上、|以上となり|以上になり|ご質問(?:が"
    "|は|など)|お気軽|ご不明)[^違異差欠]*)"
)
_NO_OFFER = later("結論|判定|答え|はい|いいえ|合格|不良|不可|言え|見え|なります$")


_LONGEST = 80


def is_remark(sentence: str) -> bool:
    """Say whether a sentence only offers help, or tells what was left out of account."""
    text = sentence.strip(" 。.!！、*_-・")
    if len(text) > _LONGEST:
        return False
    if _REMARK.fullmatch(text) and not re.search("だけではな|以外|しかし|ですが|けれど", text):
        return True
    if lexicon.FAULT.search(text) or _NO_OFFER.search(text):
        return False
    return _OFFER.fullmatch(text) is not None


_ECHOED = later(
    "(?:^|(?<=。|\n))(?:ご質問は)?[^。\n]{2,60}か(?:どうか)?、?(?:という|との)(?:お|ご)?(?:質問"
    "|尋ね|問い(?:合わせ)?|依頼|関心|件|確認|相談)"
    "(?:です(?:ね|が)?|と(?:推察|理解|承知|伺|拝察)[^。\n]{0,8}|でした(?:ね|が)?|に(?:お答え"
    "|回答)[^。\n]{0,8}|について[^。\n]{0,10})[。\n、]"
)
_NO_TRACE = later(
    "(?:何か(?:が|を))?(?:[^、。\n]{0,11}[たるい]、){1,8}[^、。\n]{0,12}(?:という|といった)(?:ような)?(?:形跡"
    "|痕跡|様子|兆候|変化|こと|箇所|点|事実|違い|不良|異常|欠陥|症状)"
    "(?=(?:は|が|も)[^。、]{0,12}(?:な[くい]|ません|ず(?:、|に)))"
    "|(?:[^、。・やはが]{1,10}[、・や]){1,8}[^、。・やはが]{1,10}といった(?=(?:不良|異常|欠陥"
    "|不具合|変化|違い|問題)(?:は|が|も)[^。、]{0,14}(?:な[くい]|ません))"
)
"""Several faults that are denied together: 「増えた、減った、という形跡はなく」."""


_APOLOGY = later(
    "^(?:恐れ入りますが|恐縮(?:です|ながら)が?|お待たせ(?:いた)?しました|お疲れ様です|お世話になっております|こんにちは)[、。]\\s*"
)
_IMPRESSION = later(
    "^(?P<kept>)(?:(?:最初|はじめ|初め|当初|始め)(?:は|に)?|一見(?:すると|して)?)、?[^。\n]{2,40}?(?:と思(?:い|っ)|に見え|と感じ|と考え|ように(?:見え|思え|感じ))"
    "[^。\n]{0,8}?(?:が|けれども?|ものの)、?"
    "(?:(?:実際は|実は|よく見ると)?、?そう(?:では|じゃ)(?:ありません|なかった|ない)(?:でした|です)?"
    "|[^。\n]{0,12}(?:次|以下)の(?:点|こと|箇所|部分|事実)に(?:気づき|気付き|気がつき|気が付き)ました)[。\n]\\s*",
    re.MULTILINE,
)
"""A first impression that is only denied: what follows it decides."""
_AFTERTHOUGHT = later(
    "(?:^|(?<=[。\n]))(?P<said>[^。\n]{3,40})。\\s*(?P<picture>[12]枚目(?:の(?:写真|画像))?|[上下左右]の(?:写真|画像))(?:です)?[。\\s]*$"
)
"""A picture that is named behind: 「突起がない。2枚目。」"""


def _traces(match: re.Match[str]) -> str:
    """Write one word for several faults; what is denied or the same stays as it is."""
    if _NOT_FAULTS.search(match[0]):
        return match[0]
    return "" if match[0].endswith("といった") else "異常"


_NOT_FAULTS = later("ない|ません|なし|同じ|同一|一致|正常|見分け|合格|良品|いいえ|はい")


_BRIEF = later("(?<![一-龠])(?P<what>(?:有意)?差異?|相違|変化|変更|異常)(?P<is>[無有])(?![一-龠しいり])")
"""「差無」"""


def _spelt_out(match: re.Match[str]) -> str:
    return match["what"] + ("なし" if match["is"] == "無" else "あり")


def plainer(text: str) -> str:
    """Return a text without echoes of the question, offers and remarks, if anything is left."""
    text = with_cells(text if text.isascii() else _BRIEF.sub(_spelt_out, text))
    if not _KANA.search(text) or "{" in text or len(text) > 4_000:
        return text
    text = spelt(text)
    text = without_prints(text)
    if "という" in text or "といった" in text:
        text = _NO_TRACE.sub(_traces, text)
    text = _AFTERTHOUGHT.sub(r"\g<picture>では\g<said>。", _IMPRESSION.sub("", text, count=1))
    polite = _APOLOGY.sub("", text, count=1)
    text = text if attitude.refuses(polite) else polite
    kept = _SENTENCE.sub(lambda match: "" if is_remark(match[0]) else match[0], _ECHOED.sub("", text))
    return kept if re.search(r"\w", kept) else text


_KANA = later("[\u3041-\u3096]")
_SENTENCE = later("[^。！!?？\n]+[。！!?？]?")
