"""Frames of a Japanese piece whose nouns and verbs are open, and which are understood as they stand.

Each is a way of speaking that says something of the pair whatever stands in it: what is so in the second
picture alone (「そろっていないのは2枚目だけです」), what is called the difference (「これが相違点です」),
light that is set against a fault (「ノイズで、異物ではありません」), differences that cannot be found.
"""

import re

from kurabe.reading.japanese import lexicon
from kurabe.reading.japanese.scope import DIFFER_NOUN, Says, whole
from kurabe.reading.patterns import later

_ONE = (
    r"(?:2枚目|二枚目|画像\s?[2b]|写真\s?[2b]|後者|片方|一方|[下右]の(?:写真|画像|ほう|方)|後の(?:写真|画像)"
    r"|検査(?:画像|品|対象))(?:の(?:写真|画像|ほう|方|側))?"
)
_OTHER = (
    r"(?:1枚目|一枚目|画像\s?[1a]|写真\s?[1a]|前者|[上左]の(?:写真|画像|ほう|方)|[先前元]の(?:写真|画像)"
    r"|基準(?:画像|品)?|良品|見本)(?:の(?:写真|画像|ほう|方|側))?"
)
_ONLY_THERE = later(
    rf"[るたい](?:の|もの|状態|箇所|部分)(?:は|が)、?{_ONE}(?:だけ|のみ)$"
    rf"|{_ONE}(?:(?:に|で)?(?:だけ|のみ)(?:に|で)?|に(?:は)?)[^、はが]{{0,8}}(?:ある|あり"
    rf"|あります|写って(?:いる|います)|見え(?:ます|る)|存在し(?:ます|ています)|付いて(?:いる"
    rf"|います)|認められ(?:ます|る)|見られ(?:ます|る))$"
)
_NOT_THERE = later(
    rf"{_OTHER}(?:に|で)(?:は)?、?(?:な(?:い|く|かった)|あり?ません|存在せず|見られ(?:ず"
    rf"|ない|ません)|写って(?:おらず|いない|いません)|見当たら(?:ず|ない)|認められ(?:ず"
    rf"|ない))"
)
_THIS_IS = later(
    rf"^(?:これ|それ|そこ|ここ|この[^、はが]{{1,12}}|以上|その[^、はが]{{1,8}})(?:だけ"
    rf"|のみ)?が(?:[^、がは]{{0,10}}の)?(?:唯一の|明確な|明らかな|主な|最大の)?"
    rf"(?:{DIFFER_NOUN}|違う|異なる|変化(?:点|箇所|部分)|差)$"
)
_REAL_DIFFERENCE = later(
    "^(?:これは|それは|明らか(?:に|な)|明確に)?、?(?:実物|対象物?|部品|製品|物|もの|現物"
    "|形状|構造)(?:その)?(?:自体|そのもの)?の(?:違い|差異?|相違|変化)$"
)
_LIGHT_NOT = later(
    "(?:だけ|のみ)?(?:で|であって|であり)、(?P<what>[^、はが]{1,16})では(?:ありません|ない|なく)$"
)
_NOT_BUT_LIGHT = later("^(?P<what>[^、はが]{0,16})では(?:なく|なくて|ない、?)、?(?P<but>[^、はが]{2,24})$")
_NOT_FOUND = later(
    rf"{DIFFER_NOUN}(?:と(?:言|い)える(?:もの|差|違い|点)|らしい(?:もの|違い|差|点)|を(?:示す"
    rf"|裏付ける|うかがわせる)(?:証拠|根拠|材料|兆候|痕跡|特徴|もの))?(?:は|が|も|を|など|:)?、?"
    r"(?:何も|一切|全く|まったく|特に|一つも|(?:1|１|一|ひと)つ(?:も|として)|1(?:か所|箇所|点)も|何(?:一|1|ひと)つ|少しも|どこにも|なにも|これといって)?"
    r"(?:読み取れ|見いだせ|見出せ|見付けられ|見つけられ|挙げられ|残り|残ら|残って(?:い"
    r"|お)り?|起きて(?:い|お)り?|起こって(?:い|お)り?|生じて(?:い|お)り?|発生して(?:い"
    r"|お)り?"
    r"|感じられ|うかがえ|捉えられ|抽出され|出て(?:き|い)|検知され|検知でき|検出され|見つかり"
    r"|見当たり|見当たら|見られ|認められ|確認でき|確認され|認め|あり|)(?:ま)?(?:せん|ない|ず"
    r"|なかった|なし|無し|皆無|ゼロ|no)$"
)
_SURE = later(
    rf"(?:{DIFFER_NOUN}|異常)(?:が|は)(?:ない|なかった|見られない|存在しない)(?:の|こと)(?:は"
    rf"|が)(?:確か|明らか|明白|確実|分かり(?:ます|ました)|わかり(?:ます|ました))$"
)
_LOOKS_SAME = later(
    "(?:全く|まったく|完全に|そっくり)の?、?(?:同じ|同一の?)(?:もの|物|写真|画像|部品"
    "|製品|状態|品物|個体)?(?:に(?:しか)?見え(?:ます|る|ません|ない))?$"
)
_REST = later(
    "^(?:(?:その|この)?(?:ほか|他)(?:の(?:部分|箇所|点|ところ|部品))?|(?:それ|これ|そこ)(?:ら)?以外(?:の("
    "?:部分|箇所|点|ところ|部品))?|残り(?:の部分)?|(?:それ|これ)を除(?:けば|くと|いて(?:は)?))(?:は"
    "|に|で|、)"
)
_KNOWN_BY = later(
    "^同じ[^、はがを]{1,14}(?:である|を[^、はが]{1,8}[るた])(?:こと|の)(?:は|が|を)、?[^違差異]*(?:分か"
    "|わか|確認|確か|判別|明らか|読み取|見て取)[^、]{0,6}$"
)
_DISMISSED = later(
    r"(?:違い|差異?|相違|変化)(?:点)?(?:に(?:は|も)?|と(?:して)?(?:は|も)?|で(?:は|も)?"
    r"|を)(?:当たり|当たら|あたり|あたら|なり|なら|該当し|報告し|扱い|扱わ|みなし|見なし"
    r"|みなせ|見なせ|カウントし|あり|ござい|な"
    r"|意味し|含め|含ま|含み|数え|入れ|入り|入ら|呼べ|言え|いえ|呼び)(?:ま)?(?:せん|ない|ず|い|く|し)$"
    r"|^(?:これは|それは)?、?(?:判断|判定|違い|結論|検査|評価)(?:に|と|の有無に)?(?:は)?(?:影響"
    r"|関係)(?:は|が|も)?(?:し|あり|)(?:ません|ない|なし)$|^関係(?:は|が)?(?:なし|ありません"
    r"|ない)$"
    r"|(?:ので|ため|により|よって|から|として)?(?:除外|無視)(?:し|でき|され)(?:ます|ました"
    r"|る|た)$|差としては扱いません$"
)


_THERE_IS = later(
    "という(?:明確な|明らかな|はっきりした)?(?:違い|差異?|相違|変化)(?:点)?が(?:ある|あります|見られ(?:る|ます)|認められ(?:る|ます)|生じて(?:いる|います))$"
)
_FORCED = later(
    "(?:無理に|強いて|しいて|あえて|敢えて)[^、]{0,8}(?:挙げ|言|あげ|探)[^、]{0,6}(?:とすれば|なら(?:ば)?|れば)、?[^、]*(?:くらい|ぐらい|程度|だけ|のみ)$"
)
_ASIDE = later(
    "^(?P<what>[^、]{1,30}?)(?:の差|の違い)?(?:(?:こと|の|点)?を(?:除(?:けば|いて|くと|き)|のぞけば)|以外(?:は|に|の(?=(?:違い|差|変化|相違)))|(?:の|こと)?ほか(?:は|に(?:は)?)"
    "|を(?:無視|除外)すれば|を差し引(?:けば|くと|いて)[^、]{0,10})(?:は)?、?"
)
_SMALL = later(
    "(?P<where>[^、]{0,10}?)(?:ごく|ほんの)?(?:わずか|少し|やや|若干|微妙|ちょっと|心持ち|かすか|微か)[^、]{0,10}?(?:傾|回転|寄|ずれ|ズレ|動|移動|斜め|ぼけ|ボケ|ぶれ)"
)
_BECAME = later(
    rf"(?:だった|であった|にあった|かった|てい?た|いた|れた|った)[^、はがの]{{1,10}}(?:が|は)、?{_ONE}(?:では|で|に(?:は)?)、?[^、]+$"
)
"""What was one way and is another: 「左にあった本が、2枚目では右に置かれています」."""
_ARROW = later("[:は](?P<old>[^→:、はが]{1,10})(?:→|⇒)(?P<new>[^→:、はが]{1,10})$")
_ANOTHER = later(
    rf"{_ONE}(?:の[^、はが]{{1,10}})?(?:は|が|では[^、はが]{{1,10}}(?:は|が))、?別の[^、はがを]{{1,8}}(?:に(?:なって|変わって|置き換わって)(?:いる|います))?$"
)
_CHANGED_ONES = later(
    "^(?:(?:2枚の(?:間|写真)[でに](?:は)?|どちらにも|どこにも)、?)?(?P<list>(?:[^、。はがを]{1,10}(?:もの|ところ|箇所|部品)(?:も|や|、|と|または)?、?){2,8}?)(?:は|も)?、?(?:どこにも|一切|何も|特に)?"
    "(?:あり|見られ|見当たり|見当たら|見つかり|存在し|確認でき|)(?:ません|ない|なく|ず|なし)$"
)
_CHANGED_THING = later("もの|ところ|箇所|部品")
_MOST_CHANGED = 8
"""Entries that such a list may have."""
_OF_CHANGE = later(
    "増|減|欠|傷|壊|動|移|消え|なくな|無くな|失われ|加わ|追加|新し|変わ|曲|折れ|割れ|外れ|抜け|取れ|足り|余|違|落ち|入れ替"
)


def without_aside(core: str) -> str:
    """Return a piece without an exception that names only the light, or a small shift of the whole."""
    aside = _ASIDE.match(core)
    if aside is None or len(core) < aside.end() + 2 or _other_than(aside[0], core):
        return core
    named = re.split("(?:こと|の|点)?(?:と|や|、|および)(?=[^、]{2})", aside["what"])
    if not all(map(_is_light, named)):
        return core
    return core[aside.end() :]


def _is_light(what: str) -> bool:
    """Say whether an exception is the light, or a small shift of the whole."""
    if lexicon.BARE_NO.search(what) or (lexicon.FAULT.search(what) and not _SHIFT_ONLY.search(what)):
        return False
    small = _SMALL.match(what)
    lit = lexicon.LIGHT.search(what) is not None and not _TURNED.search(what)
    return lit or (small is not None and whole(small["where"]))


def _other_than(said: str, core: str) -> bool:
    """Say whether 「以外に」 adds something, and does not except it."""
    return "以外に" in said and not _NOT_FOUND.search(core)


_TURNED = later("[にへと](?:変わ|変化|替わ|代わ|換わ)|取っ手|蓋|ねじ|ピン|端子")
_SHIFT_ONLY = later("^[^傷欠割折汚錆破]*(?:ずれ|ズレ)[^傷欠割折汚錆破]*$")


def openly(core: str) -> Says | None:
    """Return what a piece says by an open frame; None if it stands in none."""
    told: Says | None = "calm" if _KNOWN_BY.search(core) else _of_change(core)
    if told is not None:
        return told
    if lexicon.REPORT.search(core) and not _SURE.search(core):
        return None
    taken = _TAKEN_OTHERWISE.search(core)
    if taken and whole(core[: taken.start()]):
        return "same"
    return _of_number(core) or _of_light(core) or _of_one(core) or _of_none(core)


_NUMBERED = later(
    rf"{DIFFER_NOUN}(?:は|が|:|、)?(?P<n>[0-9]+|一|二|三|ひと|ふた|ゼロ|零)(?:つ|件|箇所|か所|点|個)?$"
)
_TAKEN_OTHERWISE = later(
    "同じ(?:部品|製品|もの|物|品物?|個体|対象物?)を、?[^、はが]{0,12}(?:照明|光|角度|明るさ|時間|カメラ|条件|位置|向き)[^、はが]{0,6}(?:で|から)[^、はが]{0,4}(?:撮|写)[^、はが]{0,8}$"
)


def _of_number(core: str) -> Says | None:
    """Read how many differences there are: 「差異0件」, 「違いは一つ」."""
    found = _NUMBERED.search(core)
    if found is None or lexicon.LIGHT.search(core) or lexicon.RESTRICTS.search(core):
        return None
    if found["n"].strip("0ゼロ零"):
        return "differs"
    return "same" if whole(_counted(core[: found.start()])) else "alike"


def _of_change(core: str) -> Says | None:
    """Read what was one way and is another, and lists of changes that are denied."""
    lit = lexicon.LIGHT.search(core) is not None
    became = _ARROW.search(core)
    if became and not lit:
        return "alike" if became["old"] == became["new"] else "differs"
    if _ANOTHER.search(core) and not lexicon.BARE_NO.search(core):
        return None if lexicon.LIGHT.search(core.rsplit("、", 1)[-1]) else "differs"
    if _THERE_IS.search(core):
        return None if lit or _DOUBTED.search(core) else "differs"
    # More of these words than entries could be parted in any number of ways.
    few = len(_CHANGED_THING.findall(core)) <= _MOST_CHANGED
    listed = _CHANGED_ONES.match(core) if few else None
    if listed and not lexicon.RESTRICTS.search(core):
        named = _CHANGED_THING.split(listed["list"])[:-1]
        return "sound" if all(map(_OF_CHANGE.search, named)) else None
    return None


def _of_light(core: str) -> Says | None:
    """Read light that is set against a fault, and what is dismissed."""
    lit = lexicon.LIGHT.search(core)
    if lit and _FORCED.search(core):
        return "only_light"
    against = _LIGHT_NOT.search(core)
    if against and lit and lit.start() <= against.start() and not lexicon.LIGHT.search(against["what"]):
        return "only_light"
    turned = _NOT_BUT_LIGHT.search(core)
    if turned and lexicon.LIGHT.search(turned["but"]) and not lexicon.LIGHT.search(turned["what"]):
        return "only_light"
    if against is None and _DISMISSED.search(core) and not lexicon.SUPPOSES.search(core):
        return None if lexicon.FAULT.search(core) and not lit else "varies"
    return None


def _of_one(core: str) -> Says | None:
    """Read what is so in one picture alone, and what is called the difference."""
    if lexicon.LIGHT.search(core):
        return None
    if _BECAME.search(core) and not (_negates_there(core) or lexicon.BARE_NO.search(core)):
        return None if _STAYS.search(core) else "differs"
    if _FAULT_NOT_THERE.search(core) and lexicon.FAULT.search(core):
        return "absent"
    if _THIS_IS.search(core) or _REAL_DIFFERENCE.search(core):
        return None if lexicon.BARE_NO.search(core) else "different"
    if _ONLY_THERE.search(core) and (_EXCLUSIVE.search(core) or _NOT_THERE.search(core)):
        return None if _negates_there(core) else "differs"
    return None


_STAYS = later("まま|も当該|目でも|写真でも|画像でも|引き続き|依然|同様|変わらず|やはり")
_FAULT_NOT_THERE = later(f"{_NOT_THERE.pattern}$")
_DOUBTED = later("のではないか|かもしれ|可能性|だろうか|でしょうか")
_EXCLUSIVE = later("(?:だけ|のみ)(?:に|で)?[^、]{0,10}$")


def _negates_there(core: str) -> bool:
    """Say whether what is so in one picture alone is that nothing differs: 「違いがないのは2枚目だけ」."""
    return lexicon.DIFFERS.search(core) is not None or lexicon.ALIKE.search(core) is not None


def _of_none(core: str) -> Says | None:
    """Read a difference that is not found, and sameness in words that are not yet known."""
    if _SURE.search(core):
        head = core[: _SURE.search(core).start()]  # type: ignore[union-attr]
        return "same" if whole(head) else "alike"
    none = _NOT_FOUND.search(core)
    if none and none[0] in ("違いない", "差ない", "変化ない"):
        return None  # it may mean "no doubt"
    if none:
        head = core[: none.start()]
        if lexicon.BARE_NO.search(head) or lexicon.SUPPOSES.search(head) or lexicon.DOUBT.search(head):
            return None
        if lexicon.RESTRICTS.search(core):
            return "rest" if _REST.match(core) or re.search("ほか|他|それ以外|その他", head) else None
        return "same" if whole(_counted(head)) else "alike"
    if _REST.match(core) and lexicon.ALIKE.search(core) and not lexicon.BARE_NO.search(_without_same(core)):
        return "rest"
    looks = _LOOKS_SAME.search(core)
    if looks and not lexicon.RESTRICTS.search(core) and not lexicon.BARE_NO.search(core[: looks.start()]):
        return "same" if whole(core[: looks.start()]) else None
    return None


def _without_same(core: str) -> str:
    return re.sub("変わ(?:ら(?:ない|ず)|りません|って(?:いない|いません|おらず))", "", core)


def _counted(head: str) -> str:
    """Return the words before a denied difference without those that only say which would count."""
    return re.sub(
        "[0-9]+(?:件|項目|箇所)中|結局(?:のところ)?|やはり|残る|数えるべき|報告すべき|指摘すべき|挙げるべき|特筆すべき|検査規格に抵触するような"
        "|異常な|不自然な|目立った|意味のある|前後[でのに]",
        "",
        head,
    )
