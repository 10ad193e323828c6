"""Japanese that states nothing about the pair: refusals, doubts, questions, purposes."""

import re

_REFUSALS = re.compile(
    r"(?:画像|写真|ファイル|添付)(?:が|は|を|も|の)(?:[^。、違異差同]{0,14}?)(?:見えません"
    r"|見えない(?!違)|見ることができません|見ることはできません|確認できません"
    r"|確認することができません|表示されません|表示されていません|表示できません|読み込めません"
    r"|読み込まれていません|読み込めませんでした|開けません|提供されていません"
    r"|添付されていません|アップロードされていません|送られていません|届いていません|受け取れません"
    r"|受け取っていません|処理できません"
    r"|閲覧できません|アクセスできません|提示されていません|共有されていません|真っ黒|真っ白|空白|壊れて"
    r"|1枚しか|一枚しか|１枚しか)"
    r"|(?:画像|写真|ファイル)(?:が|は|も)(?:1枚も|一枚も|何も)?(?:ありません|ございません|見当たりません"
    r"|ない(?:です|ため|ので|よう))"
    r"|(?:画像|写真|ファイル)を?[^。]{0,8}(?:アップロード|提供|添付|送っ|お送り|共有|提示|再送"
    r"|見せ)[^。]{0,8}(?:ください|下さい|お願い|いただけ|いただき|もらえ)"
    r"|申し訳|すみません|すいません|恐れ入りますが|ごめんなさい|お答えできません"
    r"|お答えすることはできません|回答できません|答えられません|お手伝いできません|対応できません"
    r"|分析できません|比較できません"
    r"|比較することができません|比較することはできません|比較できない|解析できません|視覚的な情報を処理"
    r"|AIモデルとして|aiとして|言語モデル|応じられません|応じることはできません"
    r"|(?:1|一|１)枚(?:の(?:画像|写真))?(?:しか|のみ|だけ)[^。]{0,10}(?:ありません|ない|見え|提供|添付|確認)"
    r"|^回答は?(?:なし|無し|ありません)$|(?:画像|写真)(?:なし|無し)では|見る(?:こと|能力)(?:が|は)でき(?:ません|ない)"
)
_DOUBTS = re.compile(
    r"かも(?:しれ|知れ)|可能性|おそらく|恐らく|たぶん|多分|でしょう(?!か)|だろう|(?:わか|分か"
    r"|判)り(?:ません|かね|づら|にく|兼ね)|(?:わか|分か|判)らない"
    r"|(?:判断|判別|断定|判定|確定|断言|特定|評価|識別"
    r"|結論)[がはをも]?(?:することは?[がは]?)?(?:でき(?:ません|ない|かね|ず)|つき(?:ません|かね)|つか"
    r"|しかね|しにく|しづら|難し|困難|不可|付け(?:られ|かね))"
    r"|不明|はっきりし(?:ません|ない)|はっきりと?(?:わか|分か)|とは(?:断|限|言い切)|自信が|難しい|困難"
    r"|どちらとも|(?<!間)違いない|と(?:は|も)(?:言|い)え(?:ません|ない)|(?:言|い)え(?:ません|ない|ず)"
    r"|ようにも.{0,20}ようにも|曖昧|あいまい"
    r"|推測|と思われなくもない|気がし|恐れがあ|疑い|疑わ|かと(?:思|存)|のではない(?:か|でしょう)"
    r"|(?:挙げ|示|指摘)[^。]{0,6}(?:ことは?でき(?:ません|ない)|られ(?:ません|ない))|考えられる(?:違い|差"
    r"|相違)|可能な違い|が?必要です|微妙です|言い難|言いがた|情報が(?:不足|足り)|解像度が(?:低|不足|足り)"
    r"|確信"
)
_WHETHER = re.compile("かどうか|あるか(?!ら)|ないか(?!ら)|いるか(?!ら)|るかを|違うか(?!ら)|同じか(?!ら)|否か")
_PURPOSES = re.compile(
    r"(?:探し(?:ます|まし|てい|て(?:み|く)|ましょう|$)|探す|探して|調べ(?:ます|てみ|る|ましょう|$)|比較します"
    r"|比べます|見比べます|挙げます|列挙します|説明します|述べます|見ていきます|確認していきます|確認します"
    r"|答えます|お答えします|回答します|分析します|検討します|教えます|記載します|まとめます"
    r"|違いに(?:は)?含|違いとして(?:は)?(?:数え|扱|見な|みな)|比較しましょう|見てみます|検査します|比較してみ"
    r"|比較する必要|見つける必要|見ていき|見ましょう"
    r"|示します|ご説明|以下に|(?:て|で)(?:ください|下さい|ほしい|もらえ))"
)
_CONDITIONS = re.compile(
    "(?:い|っ|れ|け|め)たら(?!し)|んだら|(?<![例見言除考比すえ])(?:れ|け|せ|て|め|べ|ね|げ)ば|あれば|なければ|場合|ならば|とすれば|としたら"
)
_ASKS = re.compile(
    r"[?？]$|(?:ます|です|せん|でしょう|ました|でした|だろう)か[。\s]*$|かな[。\s]*$"
    r"|(?<!わず)(?<!確)(?<!明ら)(?<!たし)(?<!静)か[。\s]*$"
)


_UNSEEN = re.compile(
    r"(?:違い|差異?|相違)(?:点)?[はがも](?:全く|まったく)?(?:分か|わか|判)(?:りません|らない|らず)"
)
_LOOKED = re.compile(
    r"^、?[^。、違異差同]{1,30}を(?:[^。、違異差同]{0,8})(?:確認し|比較し|観察し|検査し|調べ|見比べ"
    r"|照合し|チェックし|見て?)(?:まし)?た?$"
    r"|^、?[^。、違異差同]{1,30}に(?:特に|とくに|主に)?(?:注目|着目|注意)し(?:まし)?た$"
)


_COUNTS_NOT = re.compile(
    "^、?(?:(?:これ|それ|これら|それら|この点|その点)は)?(?:違い(?:として|に|とし)は?)?"
    "(?:数え|含め|考慮し|カウントし|問題にし)(?:ない|ません|ず|なく)(?:の|です)?$"
)


def counts_not(text: str) -> bool:
    """Say whether a clause tells that what was said does not count: 「これは数えないため」."""
    return _COUNTS_NOT.search(text) is not None


_IN_GENERAL = re.compile(
    "^[^。]{1,20}だけを違いとし、?|^例えば、?(?![^。]*(?:下|2枚目|検査))|(?:典型的な|よくある|代表的な|一般的な|ありがちな)[^。]{0,8}?(?:欠陥|不良|異常|傷|不具合|問題|故障|現象)|(?:欠陥|不良|異常)の例"
    "|^(?!.*(?:枚目|画像|写真|検査|下の))[^。、]{1,12}の(?:欠陥|不良|異常|不具合|故障)(?:の種類)?(?:には|としては)、?.*(?:など|等)"
)


def in_general(text: str) -> bool:
    """Say whether a clause speaks of defects in general: 「典型的な欠陥は剥がれです」."""
    return _IN_GENERAL.search(text) is not None


def unseen(text: str) -> bool:
    """Say whether a clause tells that no difference is made out; by itself that is no verdict."""
    return _UNSEEN.search(text) is not None


def looked(text: str) -> bool:
    """Say whether a clause only tells what was looked at: 「ピンを確認しましたが」."""
    return _LOOKED.search(text) is not None


def refuses(text: str) -> bool:
    """Say whether a sentence tells that there is no picture to look at, or no will to answer."""
    return _REFUSALS.search(text) is not None


def doubts(text: str) -> bool:
    """Say whether a sentence leaves the answer open."""
    return _DOUBTS.search(text) is not None


def asks(text: str) -> bool:
    """Say whether a sentence is a question, with its mark or without."""
    return _ASKS.search(text) is not None


def intends(text: str) -> bool:
    """Say whether a clause only tells what is going to be done: 「違いを探します」."""
    return _PURPOSES.search(text) is not None


def whether(text: str) -> bool:
    """Say whether a clause speaks of whether there is a difference, not that there is one."""
    return _WHETHER.search(text) is not None


def supposes(text: str) -> bool:
    """Say whether a clause is a condition."""
    return _CONDITIONS.search(text) is not None


_POLITE = re.compile(
    r"^(?:ご不明|以上です|以上となります|以上になります|ご参考|お役に立て|ご質問|お気軽に|何か(?:あれば|ご)"
    r"|他に(?:ご|何か)|ありがとう|よろしく|それでは|では|承知|了解|かしこまりました|もちろん"
    r"|はい、?(?:承知|わかりました|分かりました)"
    r"|以下(?:の|に)|(?:(?:2枚の|2つの|両方の|二つの|上下の)?(?:画像|写真)|2枚|両方|両者"
    r"|双方)を(?:詳しく|詳細に|注意深く"
    r"|よく)?(?:比較|確認|拝見|観察|分析|見比べ|照合)(?:しました|いたしました|ました|した結果|し)?"
    r"|比較しました|確認しました|観察しました|検査しました)"
)


def is_polite(text: str) -> bool:
    """Say whether a sentence only greets, offers help, or tells that the pictures were looked at."""
    return _POLITE.match(text) is not None


_INTRODUCES = re.compile(
    r"^(?:(?:良品(?:同士|どうし)の|通常の|正常な)?ばらつきの範囲(?:内)?で(?:あり)?、|[^。、違異差]{0,24}?(?:比べ|比較|確認|観察|検査|分析|精査|見(?!当|受|つ|分)|照合|検証|調べ"
    r"|検討|拝見|眺め|チェック)[^。、違異差]{0,10}?(?:ところ|結果|すると|ると|れば|限り(?:では|は|、)?"
    r"|して|うえで|上で|から|みると|みたところ|みた結果|おり)(?:では|は)?[、,]\s*"
    r"|[^。、違異差同]{0,16}(?:こととして|結論(?:として|から言うと|から申し上げると|を述べると)"
    r"|として(?:は)?|の?ように|通り|とおり)[、,]\s*"
    r"|(?:まず|はじめに|最後に|次に|また|なお|さらに|そして|総合すると|総じて|全体的に|全体として"
    r"|要するに|まとめると|以上(?:から|より|のことから)?)[、,]\s*)+"
)


def without_introduction(text: str) -> str:
    """Return a sentence without what only introduces it: 「比較した結果、」."""
    match = _INTRODUCES.match(text)
    return text[match.end() :] if match else text
