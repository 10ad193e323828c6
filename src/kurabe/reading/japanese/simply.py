"""Japanese ways of saying one thing in several words, put simply before an answer is read.

「良品にない特徴は対象品になく、その逆もありません」 denies any difference.
「同じと言うことはできません」 states one, and so does
「焦げは1枚目には見られないのに対し、2枚目には見られます」.
The other way round, what states a difference in so many words, and is neither light, an impression nor taken
back, is never read as sameness.
"""

import re

from kurabe.reading.patterns import later

_NEITHER = later(
    "[^。、\n]{0,20}に(?:は)?(?:ない|無い|見られない|存在しない|見当たらない)(?:特徴|もの|部分|要素|点|箇所|傷|痕跡)?"
    "(?:は|が)[^。、\n]{0,20}に(?:は|も)?(?:なく|無く|ありませんし|存在せず|見られず|見当たらず|ありません)[、。]?"
    "(?:その)?逆(?:も|の場合も)(?:ありません|ない(?:です)?|なし|同様です|同じです|然りです|然り)"
)
_NOT_THE_SAME = later(
    "(?:両者|双方|これら|2つ(?:の[^。、はを]{1,8})?|二つ(?:の[^。、はを]{1,8})?|2枚(?:の[^。、はを]{1,8})?)[はを]、?"
    "(?:同じ|同一)(?:もの|部品|状態|品|形状)?(?:だ|である)?と(?:は)?"
    "(?:(?:言う|いう|申し上げる|見なす|みなす|判断する|判定する)こと(?:は|が)でき(?:ません|ない)"
    "|(?:言え|いえ|見なせ|みなせ)(?:ません|ない)(?:です)?)"
)
_SEEN = "(?:見られ|認められ|確認でき|存在し|見受けられ|見当たら|あり)"
_IN_ONE = later(
    f"(?:は|が|も){_SEEN}?(?:ない|ません|ず)(?:の(?:に対し(?:て)?|に比べ(?:て)?|に)|ですが|が|一方(?:で)?)、?"
    "[^。、\n]{0,24}(?:に|で)は(?:、)?(?:はっきりと|明らかに|それが)?"
    "(?:見られます|見られる|認められます|認められる|確認できます|確認できる|存在します|見受けられます|あります|ある)"
    "(?=[。\n]|$)"
)
_STATED = later(
    "(?:違い|差異|相違(?:点)?|差)(?:が|は)(?:、)?(?:\\d+(?:か所|箇所|点|つ)|一つ|1つ|一点|明らかに|確かに)?"
    "(?:あります|あり(?:、|ました)|ある(?:。|$|と(?:判断|判定|言え|いえ)(?:し|ま))|認められます|見られます|確認できます"
    "|存在します|見つかりました|見受けられます)(?!か)"
)
_NONE_OF_THE_PART = later(
    "明る|暗|光|照明|影|反射|ノイズ|ざらつ|ずれ|ズレ|位置|角度|向き|撮影|写真|画像の(?:写|画質|質|色|印象)|画質|ピント|ぼけ|ボケ|コントラスト|色味"
    "|色合い|露出|露光|解像|圧縮|背景|カメラ|構図|拡大|縮尺|距離|見え|思[っわい]|よう[にな]|かもし|場合|もし|仮に|なら"
    "|かどうか|だけ|のみ|程度|無視|除|以外|ほか|他に|個体差|誤差|範囲|当初|最初|一見|一瞬"
)


def simply(text: str) -> str:
    """Return a text with such wording put simply."""
    if "逆" in text:
        text = _NEITHER.sub("違いはありません", text)
    if "同" in text:
        text = _NOT_THE_SAME.sub("違いがあります", text)
    return _IN_ONE.sub("は違いがあります", text) if "には" in text or "では" in text else text


def states_a_difference(text: str) -> bool:
    """Say whether a sentence states a difference of the part in so many words, without any reserve."""
    return any(
        _STATED.search(sentence) and not _NONE_OF_THE_PART.search(sentence)
        for sentence in re.split("[。\n]", text)
    )
