"""Japanese answers of our own wording, built so that their meaning is known."""

from collections.abc import Iterator
from random import Random

from tests.reading.corpus.english import Built, options
from tests.reading.corpus.row import Row

PAIRS = """
2枚の写真|2枚の画像|両方の画像|上下の写真|上の写真と下の写真|左右の画像|1枚目と2枚目の画像|画像1と画像2
二つの画像|これらの写真
提供された2枚の画像|提示された写真|両者|2つの部品|両方の部品|2枚の写真に写っているコネクタ
参照画像と検査画像|2つのコネクタ|上側の画像と下側の画像
"""
SAME = """
は同じです|は同一です|は全く同じです|は完全に一致しています|は一致します|に違いはありません
に違いは見られません|に差異は認められません
に違いはないようです|には違いがありません|の間に違いは見当たりません|は同じに見えます|は異なりません
に相違点はありません|に変化はありません
は見分けがつきません|に差はありません|は同様です|に目立った違いはありません|には特に違いは見られません
は同じ状態です|の間に明らかな違いは確認できません
に違いはなさそうです|は同じものだと思います|は変わりません|に違いはないと判断しました
に違いは見つかりませんでした|に異なる点はありません
"""
BARE_SAME = """
違いはありません|違いは見られません|特に違いはありません|違いはないと思います|差異は見当たりません
何も変わっていません|相違ありません
異常は見られません|違いは確認できませんでした|違いはなさそうです|どこも違いません|全く同じです
違いは一つもありません|違いなし|変化なし
目立つ違いは見つかりませんでした|違いは認められません|違いがあるようには見えません|違いは感じられません
見分けがつきません|問題ありません
違いはないように見えます|違いはございません|違いは無いです|異なる部分は見当たりません
変わったところはありません
"""
OPENINGS = """
比較した結果、|よく見比べたところ、|2枚の写真を比較すると、|確認したところ、|私が見る限り、|結論として、
注意深く観察した結果、|画像を見比べると、|一通り確認しましたが、
2枚の写真を比較しました。|それでは比較します。|詳細に確認した結果、|見たところ、|全体として、
はっきり言えることとして、
"""
ALIKE = """
どちらも白いコネクタが写っています。|ピンの数も形も同じです。|どちらもピンが揃っています。
ハウジングの色も同じです。|すべてのピンが真っ直ぐです。
両方ともピンは正しい位置にあります。|傷や汚れは見当たりません。|欠けているピンはありません。
形状、色、位置はすべて一致しています。|どちらの写真にも同じコネクタが写っています。
ピンの曲がりや欠けはありません。|部品の配置も一致しています。|両方の部品は良好な状態です。
ラベルの文字も同じです。|上下の写真には同じ部品が写っています。
"""
FAULTS = """
左のピンが曲がっています|3番目のピンがありません|ハウジングに傷があります|ラベルが剥がれています
色が変わっています|ピンが1本足りません
ネジが外れています|端子が折れています|下の角が欠けています|汚れが付着しています|ピンが短くなっています
ケーブルが切れています|ロゴが逆になっています
異物が付いています|コンデンサが無くなっています|ピン5が抜けています
"""
SIDED = """
下の写真では{f}。|2枚目の画像では{f}。|検査画像では{f}。|下の画像では、{f}。|画像2では{f}。
上の写真では正常ですが、下の写真では{f}。|下側の画像では{f}が、上側では正常です。
"""
DIFFERENT = """
は異なります|は違います|は同じではありません|は一致しません|には違いがあります|に違いが見られます
に差異が認められます|は異なっています
は同一ではありません|の間に違いがあります|には明らかな違いがあります|に小さな違いがあります
には異なる点があります|は同じに見えません
"""
BARE_DIFFERENT = """
違いがあります|違いが見られます|明らかな違いがあります|異なる点があります|1か所違いがあります
違いが見つかりました|違いは1つあります|変化が見られます
同じではありません|違います|小さな違いが確認できます|差異があります|違いが2つあります|一致していません
違いが認められました
"""
REST = "||| それ以外は同じです。|その他に違いはありません。|他は同じです。"
CLOSINGS = "|||以上です。|ご参考になれば幸いです。"
DOUBTS = """
わかりません。|違いがあるかもしれません。|判断できません。
違いがあるかどうかは判断できません。|同じようですが、断定はできません。
違いがある可能性があります。|はっきりとは言えません。|画像が不鮮明で判断が難しいです。
ほとんど違いはありません。|ほぼ同じです。|よく似ています。|違いはほとんど見られません。
どちらとも言えません。
"""
REFUSALS = """
画像が表示されていません。|申し訳ありませんが、画像を見ることができません。|画像が提供されていません。
画像をアップロードしてください。|写真が添付されていません。
すみませんが、お答えできません。|画像が見えません。|画像を読み込めませんでした。|1枚の画像しかありません。
画像を確認できません。
"""
LIGHT = "明るさ|照明|ノイズ|わずかな位置ずれ|光の当たり方|露出|影|全体の明るさ"
LIGHT_ONLY = """
{l}を除いて同じです。|{l}以外に違いはありません。|違いは{l}だけです。|{l}だけが異なります。
{l}は少し異なりますが、部品自体は同じです。
{l}を除けば、違いはありません。|{l}の違いだけで、部品に違いはありません。|{l}以外は同一です。
{l}が異なりますが、コネクタに違いはありません。
"""
BUT_PART = """
左のピン以外は同じです。|左のピンを除いて同じです。|見た目は同じですが、違いがあります。
ハウジングは同じですが、ピンが違います。|違いは左のピンだけです。
同じように見えますが、左のピンが異なります。|ラベル以外に違いはありません。|違いはピンの色です。
一見同じですが、よく見ると違いがあります。|ピンの色が違います。
違いは左のピンが曲がっていることです。|大きな違いはありませんが、小さな違いがあります。
形は同じですが、色が異なります。
"""
QUESTIONS = [
    ("2枚の写真は同じですか？{no}。", "different"),
    ("2枚の写真は同じですか？{yes}。", "same"),
    ("違いはありますか？{yes}。", "different"),
    ("違いはありますか？{no}。", "same"),
    ("違いはありますか？ありません。", "same"),
    ("違いはありますか？あります。", "different"),
    ("同一ですか？{no}、違います。", "different"),
    ("一致していますか？{yes}、一致しています。", "same"),
    ("違い：なし", "same"),
    ("違い：あり", "different"),
    ("違いの有無：無し", "same"),
    ("一致：{no}", "different"),
    ("違いはあるか：{yes}", "different"),
]


def same_sentence(rng: Random) -> str:
    """Return a sentence that says that the pair is the same."""
    if rng.random() < 0.5:
        return f"{rng.choice(options(PAIRS))}{rng.choice(options(SAME))}。"
    return f"{rng.choice(options(BARE_SAME))}。"


def different_sentence(rng: Random) -> str:
    """Return a sentence that says that the pair differs, without saying how."""
    if rng.random() < 0.5:
        return f"{rng.choice(options(PAIRS))}{rng.choice(options(DIFFERENT))}。"
    return f"{rng.choice(options(BARE_DIFFERENT))}。"


def fault_sentence(rng: Random) -> str:
    """Return a sentence that names a fault in one of the two pictures."""
    return rng.choice(options(SIDED)).format(f=rng.choice(options(FAULTS)))


def _opening(rng: Random) -> str:
    return rng.choice(options(OPENINGS)) if rng.random() < 0.5 else ""


def _same(rng: Random) -> Built:
    said, closing = same_sentence(rng), rng.choice(CLOSINGS.split("|"))
    tails = "".join(rng.sample(options(ALIKE), rng.randrange(1, 4)))
    shape = rng.randrange(6)
    if shape == 0:
        return Built(f"{_opening(rng)}{said}{closing}", "same", "states that nothing differs")
    if shape == 1:
        return Built(f"いいえ、{said}", "same", "no, and says so")
    if shape == 2:
        return Built(f"いいえ。{tails}{closing}", "same", "no, and describes what is alike")
    if shape == 3:
        return Built(f"{_opening(rng)}{said}{tails}", "same", "states it and describes what is alike")
    if shape == 4:
        return Built(f"{tails}{said}", "same", "describes first, concludes after")
    return Built(f"{tails}したがって、答えは「いいえ」です。", "same", "describes first, answers after")


def _different(rng: Random) -> Built:
    said, fault = different_sentence(rng), fault_sentence(rng)
    small, rest = rng.choice(options(FAULTS)), rng.choice(REST.split("|"))
    shape = rng.randrange(7)
    if shape == 0:
        return Built(f"{_opening(rng)}{said}", "different", "states a difference")
    if shape == 1:
        return Built(f"はい、{small}。{rest}", "different", "yes, and names a fault")
    if shape == 2:
        return Built(f"はい。{fault}{rest}", "different", "yes, and names a fault in one picture")
    if shape == 3:
        return Built(f"{_opening(rng)}{said}{fault}{rest}", "different", "states a difference and names it")
    if shape == 4:
        return Built(f"{_opening(rng)}{fault}", "different", "names a fault in one picture only")
    if shape == 5:
        return Built(f"はい、{said}", "different", "yes, and says so")
    return Built(f"{fault}よって、答えは「はい」です。", "different", "names a fault, answers after")


def _other(rng: Random) -> Built:
    shape = rng.randrange(8)
    if shape == 0:
        return Built(rng.choice(options(DOUBTS)), None, "leaves it open")
    if shape == 1:
        return Built(rng.choice(options(REFUSALS)), None, "refuses")
    if shape == 2:
        text = rng.choice(options(LIGHT_ONLY)).format(l=rng.choice(LIGHT.split("|")))
        return Built(text, "same", "only what the prompt excludes")
    if shape == 3:
        return Built(rng.choice(options(BUT_PART)), "different", "sameness with an exception")
    if shape == 4:
        template, truth = rng.choice(QUESTIONS)
        return Built(template.format(yes="はい", no="いいえ"), truth, "answers its own question")
    if shape == 5:
        return Built(f"いいえ。{fault_sentence(rng)}", None, "denies, and names a fault in one picture")
    if shape == 6:
        return Built(f"{same_sentence(rng)}{fault_sentence(rng)}", None, "contradicts itself")
    return Built(f"はい。{same_sentence(rng)}", None, "affirms, and says that nothing differs")


def verdicts(rng: Random, number: int) -> Iterator[Row]:
    """Yield answers to a ``verdict`` question."""
    for _ in range(number):
        built = rng.choice((_same, _same, _different, _different, _other))(rng)
        yield Row("verdict", "ja", "prose", built.text, built.truth, built.why)
