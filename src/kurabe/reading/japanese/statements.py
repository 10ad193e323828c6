"""What a piece of a Japanese sentence says about the pair, in open vocabulary.

A piece that holds no word of `kurabe.reading.japanese.lexicon` is calm: it tells what a picture shows, and
turns nothing. A piece that holds one is understood only in a frame: what denies or asserts the word stands
at the end. What fits no frame is `unknown`, and then nothing is read.
"""

import re

from kurabe.reading.japanese import lexicon
from kurabe.reading.japanese.faults import of_fault
from kurabe.reading.japanese.openly import openly, without_aside
from kurabe.reading.japanese.pieces import Piece
from kurabe.reading.japanese.scope import ALIKE_END, DIFFER_NOUN, HAS_DIFFERENCE, LOOKS_FOR, Says, whole
from kurabe.reading.patterns import later

_ANSWER = later(r"(?:^|[、は]|(?:結論|答え|回答|判定)(?:として)?は、?)(はい|いいえ)$")
_NOT_SAID = later(
    r"(?:だ|である)?(?:と(?:は|も|まで(?:は)?)?(?:言|い)え|とは(?:見な[せさし]|みな[せさし]"
    r"|考え(?:られ)?|判断でき|判断し|呼べ))(?:ません|ない|ず)$"
)
_NO_REASON = later(
    r"(?:はい|不良|不合格|欠陥|違い(?:あり|がある)?|異常)(?:品)?(?:だ)?(?:(?:と(?:答え"
    r"|す|判断す|判定す|見な[すせ]"
    r"|言え|いえ|呼べ|みなす)|に(?:す|当た|あた|つなが|該当す)|を(?:示す|疑わせ|思わせ))"
    r"[^、。]{0,4}?)(?:理由|根拠|要素|材料|箇所|点|ところ|部分|もの|兆候|特徴)(?:は|が"
    r"|も)(?:何も|一切|特に|どこにも)?"
    r"(?:あり|見つかり|見当たり|見られ|見つから|出てき|見当たら|)(?:ません|ない|ませ)$"
)
_WEAK_REASON = later(
    "(?:不良|不合格|欠陥|違い|異常|はい)[^、はが]{0,10}(?:根拠|理由|材料)(?:に欠け(?:ます"
    "|る)|[がは](?:乏しい|薄い|弱い|思い当たり?(?:ません|らない)))$"
    "|(?:不良|不合格|欠陥|違い|異常)(?:品)?と(?:呼べ|言え|いえ|みなせ)る[^、はが]{1,5}(?:は"
    "|が)(?:皆無|ゼロ|一つもない|なし)$"
)
_PICTURE_ITSELF = later(
    "(?:写真|画像|画面|フレーム|画角|構図)(?:自体|全体|の(?:端|隅|角|[上下左右]{1,2}側?"
    "|一部)[^、はが]{0,3})?(?:が|は)、?(?:画角が|構図が|全体が|[上下左右四]{1,2}(?:端|側|隅)?が|端が|一部が)?"
    "[^、はが]{0,6}(?:切れ|見切れ|傾|ずれ|回転|ぼけ|ぶれ|隠れ|粗|荒)"
)
_TELLS_APART = later(
    r"(?:区別|見分け|識別)(?:する|できる|の(?:つく)?|がつく|の付く)?(?:特徴|点|箇所|手掛かり"
    r"|手がかり|もの|ところ|要素)?(?:は|が|も)?(?:何も|一つも|一切)?"
    r"(?:つき|つか|でき|あり|見つかり|見当たり|付き|付か)?(?:ません|ない)$"
)
_QUOTED = later(
    r"(?:です|ます|ません|ない|だ|る|た|なし|あり|同じ|同一|一致|正常|合格|良品|不良)(?:と(?!ころ"
    r"|き|おり|同|比|一致|異"
    r"|違|変わ|並|見比|2枚|下|右|共|も|と|、|の(?:間|差)|い[うえ](?:こと|点|わけ))|って"
    r"|とは|との|とか|なんて|など[とはも])"
    r"|(?:る|た|ない)(?:こと(?:を|に|は|が|も|で)|のを)|(?:いる|ある|れる|なる)と(?:違い|不|異常|ng|欠陥)"
)
_INTRODUCED = later(r"(?:見る|見れ|比べる|比較する|考える|まとめる|照合する|確認する|拡大する|によると)と")
_PAST_RANGE = later(
    r"(?:個体差|ばらつき|許容|誤差|公差|範囲)[^、]{0,14}?(?:では(?:な|あり)|とは(?:言"
    r"|い|思|考)|を?超え|外れ|外(?:です"
    r"|だ|の|に|$)|収まら|収まりませ|でき(?:な|ませ)|済ま|ないほど)"
    r"|無視(?:でき(?:な|ませ)|す(?:る|べき)|は)"
)
_ONLY_LIGHT = later(
    r"(?:だけ|のみ|にすぎ(?:ない|ません)|に過ぎ(?:ない|ません)|くらい|ぐらい|程度)(?:で|であり|であって)?$|(?:で"
    r"|であって|であり)、?(?:対象"
    r"|部品|製品|実物|本体|物|もの)(?:自体|そのもの)?(?:で)?は(?:ない|ありません)$"
)
_NOT_LIGHT = later(
    r"(?:では|じゃ)(?:な|あり)|によるものでは|せいでは|とは(?:異な|違|別|考え|言|い|思"
    r"|無関係)|だけで(?:は)?な|説明(?:が|は)?(?:つか|つき|でき)(?:な|ませ)"
)
_WITHOUT = later(
    r"(?:を除[いきけ](?:て|ば)?(?:考え(?:ると|て))?|以外(?:は|に|では)?|を別に(?:すれば"
    r"|して)|はさておき|を無視すれば)(?:、|は、)?"
)
_TURNED = later("[にへと](?:変わ|変化|替わ|代わ|換わ)[^、]*(?:以外|除)")
"""What has become another: 「暗い色に変わっている以外は」 excepts more than the light."""
_NATURAL = later(
    r"穴|孔|線|筋|模様|点|開い|閉じ|出て|短く|長く|付いて|ついて|残っ|止まっ|跡|点灯|消灯|取れ|落ち"
)
_NO_DIFFERENCE = later(
    rf"{DIFFER_NOUN}(?:は|が|も|など|に(?:は|も)?)?、?(?:何も|一切|全く|まったく|特に"
    rf"|一つも|どこにも|なにも)?"
    r"(?:あり|ござい|見られ|見受けられ|見つかり|見つから|見当たり|見当たら|認められ|確認でき"
    r"|確認され|検出され|存在し|報告でき|なくなり|)"
    r"(?:ません|ない|なし|無し|無い|なく|なかった|ず|ゼロ|皆無)$|(?:ゼロ|0)(?:件|個|箇所"
    r"|か所)?の相違$|(?:異なら|違わ)(?:ない"
    r"|ず)$|(?:違|変わ|異な)って(?:いない|いません|おらず)$|差は?なくなり?(?:る|ます)$"
)
_NOT_ALIKE = later(
    r"(?:同じ|同一|一致|同等|同様|合致|共通|(?<=の)まま|どおり|通り)(?:もの|物|状態|し(?:て)?|する)?(?:で|い|と)?(?:は"
    r"|も)?(?:ない|ありません|ません|いない|いません|おらず|ず)$"
)
_SAME_THING = later(r"(?:同じ|同一の?|同等の|良品と(?:同じ|同等の))(?P<thing>[^、はがをもにでと]{1,10})$")
_THING = later(r"(?:もの|物|状態|写真|画像|内容|見た目|外観|仕上がり|品質|良品|扱い)$")
_SURELY = later(r"(?:すべて|全て|まで|何もかも|完全に|まったく|全く|どれも|どこ)")
_UNSOUND = later(
    r"(?:正常|良好|合格|良品|無傷|きれい|綺麗|整って|整い|そろって|揃って|健全|まっすぐ"
    r"|真っすぐ|真っ直ぐ|真円|水平|垂直|平ら|平坦|均一"
    r"|対称|正しく|適切|完全|滑らか|密着|閉まって|閉じて|収まって|きちんと|ぴったり|しっかり)"
    r"[^、がを]{0,8}?(?:では|に|で)?(?:は)?(?:い)?(?:ない|ません|ありません|おらず|なく)$"
)
_STAMP = later(
    r"^(?:これは|こちらは|(?:検査)?(?:対象|品|結果)は|2枚目は|判定は|結果は|最後の写真は)?、?(?:合格"
    r"|良品|ok|良品の仲間に入れ)(?:品)?$"
)


_SEEMED = lexicon.SEEMS
_MUST_FAIL = later(
    "(?:不合格|不良|ng)(?:品)?(?:に|と)(?:す|な|扱|判定す)[^、]{0,4}(?:べき)?(?:違い|差|変化|欠陥|状態|損傷)$"
)
_DECIDES = later(r"違い|同じ|同一|一致|はい|いいえ|変わ|異な")
_REALLY = later("本当に|実際に|明らかに|不自然|異様|大きく曲|折れ曲")


_TOO_FEW = later("[0-9一二三四五六七八九][^、]{0,3}しか[^、]{0,10}(?:ない|ません)$")
_BROKEN_OFF = later("(?:は|が|を|に|へ|から|まで|たら|なら|れば|けれど|ば)$")
"""What is put behind a statement to restrict it: 「色に関しては」, 「昨日までは」."""


def says(piece: Piece) -> Says:
    """Return what a piece says."""
    text, core = piece.text, without_aside(piece.core)
    answer = _ANSWER.search(core)
    if answer and not any(
        words.search(core) for words in (lexicon.SUPPOSES, lexicon.DOUBT, lexicon.BARE_NO, lexicon.REPORT)
    ):
        return "yes" if answer[1] == "はい" else "no"
    told = openly(core)
    if told is not None:
        return told
    if _WEAK_REASON.search(core):
        return "fine"
    if _NO_REASON.search(core):
        return "sound" if whole(_NO_REASON.sub("", core)) else "fine"
    denied = _NOT_SAID.search(core)
    if denied:
        return _not_said(core[: denied.start()])
    if (piece.conceded or not piece.last) and _SEEMED.search(text) and not re.search("かも|可能性", text):
        return "seems"
    if (piece.conceded or not piece.last) and LOOKS_FOR.search(core):
        return "calm"
    if _MUST_FAIL.search(core):
        return "different"
    if lexicon.REPORT.search(core) or lexicon.DOUBT.search(core) or _quotes(core):
        return "unknown"
    if _TOO_FEW.search(core) and not (lexicon.LIGHT.search(core) or _DECIDES.search(core)):
        return "fault"
    if lexicon.SUPPOSES.search(core):
        return "unknown" if lexicon.SOUND.search(core) or _DECIDES.search(core) else "argues"
    return _of_cause(piece, core)


def _of_cause(piece: Piece, core: str) -> Says:
    """Read what speaks of light and of what is normal, and what is left without it."""
    if _PICTURE_ITSELF.search(core):
        return "light" if not lexicon.NONE.search(core) else "unknown"
    if piece.last and _BROKEN_OFF.search(piece.text):
        return "unknown"
    lit = lexicon.LIGHT.search(core)
    if lit and _WITHOUT.search(core, lit.end()) and not (lexicon.FAULT.search(core) or _TURNED.search(core)):
        core = core[_WITHOUT.search(core, lit.end()).end() :]  # type: ignore[union-attr]
        lit = lexicon.LIGHT.search(core)
    if lexicon.VARIES.search(core):
        if _PAST_RANGE.search(core):
            return "differs"
        return "unknown" if _real(core) else "varies"
    other = _NOT_LIGHT.search(core, lit.start()) if lit else None
    if other and not _ONLY_LIGHT.search(core) and "、" in core[other.end() :]:
        core = core[core.index("、", other.end()) + 1 :]  # 「明るさの違いとは別に、ひびがあります」
        lit, other = lexicon.LIGHT.search(core), None
    if other and not _ONLY_LIGHT.search(core):
        return "not_light" if not lexicon.ALIKE.search(core) else "unknown"
    if lit and _ONLY_LIGHT.search(core):
        return "only_light" if not _real(core) else "unknown"
    return _of_polarity(piece, core, lit is not None)


def _real(core: str) -> bool:
    """Say whether a piece names a fault that is not denied in it."""
    fault = lexicon.FAULT.search(core)
    return fault is not None and fault[0] not in ("ずれ", "ズレ") and not lexicon.BARE_NO.search(core)


def _quotes(core: str) -> bool:
    """Say whether a piece holds a statement inside another: 「違いがあるとは真っ赤な偽りだ」."""
    return _QUOTED.search(_INTRODUCED.sub("", core)) is not None


_ASKED = later("か(?:どうか|否か|いなか)|有無|(?:る|た|い|う)か(?:は|が|も|を|、|$)|(?:何|なん|どう|どちら)$")
"""What is not known, and not denied: 「違いがあるかどうかは何とも言えません」."""


def _not_said(head: str) -> Says:
    """Return what 「…とは言えません」 says of what stands before it."""
    if lexicon.BARE_NO.search(head) or lexicon.RESTRICTS.search(head) or _quotes(head) or _ASKED.search(head):
        return "unknown"
    if lexicon.ALIKE.search(head) or lexicon.SOUND.search(head):
        return "argues"
    if lexicon.DIFFERS.search(head):
        return "not_different"
    return "varies" if lexicon.FAULT.search(head) else "unknown"


def _of_polarity(piece: Piece, core: str, lit: bool) -> Says:
    if lexicon.FAULT.search(core):
        return of_fault(piece, core, lit)
    apart = _TELLS_APART.search(core)
    if apart:
        head = core[: apart.start()]
        return (
            "same" if whole(head) and (not head.endswith(("を", "は")) or "する" in apart[0]) else "unknown"
        )
    if lexicon.ALIKE.search(core):
        return _of_sameness(core)
    if lexicon.DIFFERS.search(core):
        return _of_difference(piece, core, lit)
    if lexicon.SOUND.search(core):
        return _of_order(piece, core)
    if lit:
        return "light"
    if lexicon.CHANGED.search(core):
        if lexicon.NONE.search(core):
            return "rest" if lexicon.RESTRICTS.search(core) else "alike"
        return "unknown" if lexicon.BARE_NO.search(core) else "maybe"
    return _of_anything(core)


_IN_BOTH = later(
    "^(?:それ|これ)?(?:は|も)?、?(?:両方|どちら|2枚とも|双方|いずれ)[^、はが]{0,6}(?:あり|見られ|ある|共通)"
)
_SHAPE = later(
    "(?:右|左|上|下|前|後ろ|手前|奥|内側|外側|直角|字|緩やか|なだらか|弧)[^、がは]{0,4}に[^、がは]{0,4}(?"
    ":曲ガ|傾)"
)
"""How a thing is shaped, in both pictures as it may be: 「ケーブルが右に曲がっています」."""
_NO_SUCH_FAULT = later(
    r"(?:穴|隙間|すき間|すきま|白い粉|露出|曲ガり|傾き|浮き|広ガり|跡|筋|斑)(?:は|も|が"
    r"|など|:)?(?:特に|一切|全く)?"
    r"(?:あり|見られ|見受けられ|見当たり|見当たら|認められ|確認でき|確認され|でき(?:て(?:い"
    r"|お))?|出て(?:い|お)|生じて(?:い"
    r"|お))?(?:ら)?(?:ません|ない|なく|なし|ず)$"
    r"|(?:曲ガって|傾いて|浮いて|露出して|切れて|動いて|広ガって)(?:は|も)?(?:い|お)(?:ません"
    r"|ない|らず|なく)$|(?:傾いて"
    r"|曲ガって|浮いて)いる様子[はも](?:ありません|ない|なく)$"
)


def _of_anything(core: str) -> Says:
    """Read a piece that holds no word of polarity but, perhaps, a denial or a restriction."""
    may = lexicon.MAY_BE_FAULT.search(core)
    if lexicon.NONE.search(core):
        if re.search("(?:そのような|そういった|こうした|そんな)", core):
            return "fine"
        if may and _NO_SUCH_FAULT.search(core):
            return "fine" if not lexicon.RESTRICTS.search(core) else "unknown"
        return "both" if lexicon.BOTH.search(core) else "absent"
    if lexicon.BARE_NO.search(core):
        return "unknown"
    if may and _SHAPE.search(core) and not _REALLY.search(core):
        return "shape"
    if may:
        if _REALLY.search(core):
            return "fault"
        return "both" if lexicon.BOTH.search(core) else "maybe"
    if _IN_BOTH.search(core):
        return "both"
    return "unknown" if lexicon.RESTRICTS.search(core) else "calm"


def _of_sameness(core: str) -> Says:
    denied = _NOT_ALIKE.search(core)
    if denied:
        return "different" if whole(core[: denied.start()]) else "differs"
    thing = _SAME_THING.search(core)
    pivot = ALIKE_END.search(core)
    if lexicon.RESTRICTS.search(core) or (pivot is None and thing is None):
        rest = re.search("^(?:ほか|他|残り|その他)(?:の(?:部分|箇所))?[はもに]", core)
        if rest and pivot:
            return "alike" if core[: rest.end()].endswith("も") else "rest"
        return "calm" if _harmless(core) else "unknown"
    place = pivot.start() if pivot else thing.start() if thing else 0
    if lexicon.BARE_NO.search(core[:place]):
        return "unknown"
    head = core[:place]
    if pivot:
        return "same" if whole(head) and not re.match("(?:これ|それ)[はもら]", head) else "alike"
    return "same" if thing and _THING.fullmatch(thing["thing"]) and whole(head) else "alike"


def _harmless(core: str) -> bool:
    """Say whether 「同じ」 only places a thing: 「同じ向きで写っています」."""
    return not (
        lexicon.RESTRICTS.search(core) or lexicon.BARE_NO.search(core) or lexicon.DIFFERS.search(core)
    )


def _of_difference(piece: Piece, core: str, lit: bool) -> Says:
    none = _NO_DIFFERENCE.search(core)
    if none:
        head = core[: none.start()]
        if none[0] in ("違いない", "差ない", "変化ない"):
            return "unknown"
        if lexicon.BARE_NO.search(head):
            return "unknown"
        if lexicon.RESTRICTS.search(core):
            return "rest" if re.search("ほか|他|それ以外|その他", head) else "unknown"
        return "same" if whole(head) or lit else "alike"
    if lexicon.BARE_NO.search(core):
        return "unknown"
    if lexicon.SEEMS.search(core):
        return "seems"
    if lit or _OF_THE_PICTURE.search(core):
        return "light"
    told = HAS_DIFFERENCE.search(core)
    if told is None:
        return "unknown" if piece.last else "differs"
    if told[0] == "違い" and (core == "違い" or not text_ends(piece)):
        return "unknown"  # a heading
    if lexicon.BOTH.search(core) and "変わ" in told[0]:
        return "unknown"
    return "different" if whole(core[: told.start()]) else "differs"


_OF_THE_PICTURE = later("(?:写真|画像|撮影|画面)の(?!間|中の?部品|両方|双方)[^、はが]{1,10}[がは]")


def text_ends(piece: Piece) -> bool:
    """Say whether a piece ends in a copula: 「機能に関わる違いです」."""
    return piece.text.endswith(("です", "だ", "である", "となります", "ですね")) or not piece.last


def _of_order(piece: Piece, core: str) -> Says:
    if _UNSOUND.search(core):
        return "both" if lexicon.BOTH.search(core) else "fault"
    if lexicon.BARE_NO.search(core):
        return "unknown"
    if _STAMP.search(core):
        return "same" if piece.side != 1 else "fine"
    return "unknown" if lexicon.RESTRICTS.search(core) else "fine"
