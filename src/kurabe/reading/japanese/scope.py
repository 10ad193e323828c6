"""What a piece of a Japanese sentence can say, and whether it says it of the whole pair."""

import re
from typing import Literal

from kurabe.reading.patterns import later

Says = Literal[
    "unknown",  # may turn any reading
    "yes",  # はい
    "no",
    "same",  # the pair is the same
    "alike",  # a part or an aspect is the same
    "fine",  # a fault is denied, or all is in order
    "sound",  # a fault is denied of the whole
    "different",  # the pair differs
    "differs",  # an aspect differs
    "fault",
    "maybe",  # what may be a fault, or belong to the thing
    "both",  # what both pictures show
    "only_light",  # light is all that differs
    "light",
    "not_light",  # it was not the light
    "varies",  # what was named before does not count
    "seems",  # it only looks so
    "not_different",  # a difference is denied that was named before
    "absent",  # something that is not known is denied
    "rest",  # all else is the same
    "argues",  # supposes or advises, without a word of sameness
    "shape",  # how a thing is shaped, or what it is there for
    "calm",
]

_WHOLE = later(
    r"(?:上|下|左|右)(?:側)?(?:と|も)(?:下|上|右|左)|(?:上|下|左|右)(?:側)?の(?=写真|画像"
    r"|部品|製品|品|物|もの)|最後の|最初の|前の|元の"
    r"|1枚目|2枚目|一枚目|二枚目|両(?:者|方|画像|写真|品)?|双方|2枚|二枚|2つ|二つ|写真"
    r"|画像|部品|製品|対象(?:物|品)?"
    r"|被写体|個体|全体|外観|見た目|状態|基準|見本|良品|検査"
    r"|実際|総合的|よく|何|全て|すべて|特|間|一切|全|完全|実質|有意|目立|視覚的|明|大"
    r"|本質的|意味|報告|以上|実物|本体|現物|限度"
    r"|見|側(?=も|と|の)|物|品|者|結果|自体|(?<=[真像図])[ab]|目視|限り|新た|(?:検査|確認|比較)?(?:項目|観点)|[0-9]|三|二|一"
    r"|[のはがもにをとでやならこれそどちういるたくすめかしまきってえずけねみんさよりへあほお、:]"
)


def whole(head: str) -> bool:
    """Say whether what stands before a predicate names no part: 「2枚の写真に」, and not 「蓋の色に」."""
    return not re.search(r"[^\W_]", _WHOLE.sub("", _EVERY.sub("", _TOY.sub("", head))))


_GENERIC = (
    "(?:特徴|項目|要素|箇所|部分|部品|点|細部|特性|性質|部位|観点|面|構成(?:部品|要素)?|ところ|もの|内容)"
)
_EVERY = later(
    f"(?:すべて|全て|あらゆる|どの|いずれ|各|全)(?:の)?{_GENERIC}(?:が|は|も|において|で|を(?:見|取っ|とっ)ても)?"
    f"|(?:(?:確認|比較|検査|点検|照合)した|見える|見えている|確認できる)?(?:範囲|限り)?の?{_GENERIC}(?:は|が)、?(?:すべて|全て|いずれも|どれも|全部)"
)
"""Whatever there is: 「すべての特徴が」, 「確認した項目はすべて」."""


_TOY = later(
    "^(?:この|その)?(?:[ァ-ヶー一-龠]{1,8}の)?(?:おもちゃ|玩具|ぬいぐるみ|フィギュア|プラモデル"
    "|ミニカー|模型)(?=[にはも])"
)
"""A thing that is no part of another: 「ロボットのおもちゃに変化はない」."""


LOOKS_FOR = later(
    r"(?:調べ|探し|確かめ|チェックし|検査し|確認し|注目し|着目し|見直し|見比べ|追い|数え)(?:て(?:みま)?し"
    r"|まし)?た?$"
    r"|(?:調べ|探し|確かめ|チェックし|検査し|確認し|点検し|見比べ|見|見てい?き|追ってい?き)ま(?:す"
    r"|しょう)$|(?:項目|点|観点|箇所|面)[をで]、?(?:調べる|探す|確かめる|見る|点検する"
    r"|確認する|検査する)$|[をに][^、は]{0,8}(?:見(?:まし)?た"
    r"|見て|照合し(?:まし)?た|比較し(?:まし)?た?)$"
)
DIFFER_NOUN = (
    r"(?:違い|相違点?|差異|差分?|変化|変わり|食い違い|異なる(?:点|箇所|ところ|項目|部分)"
    r"|違う(?:点|箇所|ところ|項目|部分)|増減|過不足|変わ(?:った"
    r"|る)(?:点|箇所|ところ|部分)|食い違う(?:点|ところ|箇所))"
)

HAS_DIFFERENCE = later(
    rf"{DIFFER_NOUN}(?:は|が|も)?、?(?:はっきり|明らかに|確かに|一つ|一箇所|1つ|[0-9]か所)?(?:あり|ある|あれ"
    rf"|あります|見られ(?:る|ます)|認められ(?:る|ます)|見つかりました|確認でき(?:る|ます"
    rf"|ました)|生じて(?:いる|います))$"
    r"|(?:異な|違)(?:る|り(?:ます)?|います|う|って(?:いる|います|おり))$|変わって(?:いる"
    r"|います|しまっています|おり)$|変わりました$|違い$|別物$"
)
ALIKE_END = later(
    r"(?:同じ|同一|一致|同様|同等|合致|そっくり|瓜二つ|共通|等しい|どおり|通り|とおり"
    r"|まま)(?:し(?:て(?:い(?:ます|る|ました"
    r"|た)|おり(?:ます)?)?|まし?た)?|する|します|です|で|であり)?$"
    r"|変わ(?:ら(?:ない|ず)|りません|って(?:いない|いません|おらず))$|重なり合(?:う|います)$"
    r"|当てハまる$|当てはま(?:る|ります)$"
)
