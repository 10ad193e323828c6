"""The commands as a user meets them: what they print, where, and how they end."""

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from kurabe import __version__
from kurabe.cases.case import schema
from kurabe.cli import app
from kurabe.common.vocabulary import Outcome, Verdict
from kurabe.results.record import Record
from kurabe.results.run import Run
from tests.support.project import INSTANT, case, picture, project, suite


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])  # commands put the project on it
    return project(tmp_path)


def kurabe(*words: str | Path, code: int = 0) -> Result:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return result


def add_run(root: Path, name: str, answers: dict[str, Verdict], **manifest: object) -> None:
    """Leave a run of which case ``same…`` is the same and the others differ."""
    folder = root / "reports/runs" / name
    folder.mkdir(parents=True)
    run = Run(folder)
    run.write_manifest({"run": name, **manifest})
    for number, (label, said) in enumerate(answers.items()):
        expected: Verdict = "same" if label.startswith("same") else "different"
        outcome: Outcome = "correct" if said == expected else "wrong"
        run.append(
            Record(
                f"pins/{label}-verdict-raw-m",
                "pins",
                f"pins/{label}",
                f"pins/{number}.png",
                "verdict",
                "raw",
                "stacked",
                "m",
                False,
                False,
                0,
                expected,
                expected,
                said,
                said,
                None,
                outcome,
            )
        )


def test_help_and_version_need_nothing_heavy() -> None:
    code = (
        "import sys; from kurabe.cli import app\n"
        "try: app(sys.argv[1:])\n"
        "finally: print(sorted({'torch', 'pandas', 'numpy', 'PIL', 'pydantic'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code, "--help"], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    for command in ("check", "import", "new", "models", "report", "compare", "schema", "process"):
        assert f" {command} " in done.stdout
    assert kurabe("--version").stdout == f"kurabe {__version__}\n"
    assert "Usage" in kurabe("import", "pairs", "--help").stdout


def test_as_a_program_errors_go_to_stderr_without_traceback(root: Path) -> None:
    program = [sys.executable, "-m", "kurabe.cli"]
    done = subprocess.run([*program, "report", "nope"], cwd=root, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.strip().splitlines() == ["no run is called 'nope' in reports/runs; the newest: none"]
    done = subprocess.run([*program, "report"], cwd=root, capture_output=True, text=True)
    assert done.returncode == 2
    assert "Missing argument" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_counts_what_is_good(root: Path) -> None:
    done = kurabe("check")
    _, _, row, summary = done.stdout.splitlines()
    assert [cell.strip() for cell in row.split("|")] == ["pins", "4", "4", "0", "2", "2", "5"]
    assert summary == "1 suite, 4 good cases, 5 pictures: no problems"
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("box", "side", "told"),
    [([12.5, 20, 31.25, 40], 200, True), ([12, 20, 31, 40], 200, False), ([12.5, 20, 31.25, 40], 64, False)],
)
def test_check_remarks_boxes_that_look_like_percent(
    root: Path, box: list[float], side: int, told: bool
) -> None:
    expect = {"verdict": "different", "differences": [{"kind": "bent", "box": box}]}
    suite(root, "boxed", [{**case("b1", "different"), "expect": expect}])
    for name in ("good", "b1"):
        picture(root / f"cases/boxed/images/{name}.png", defect=name == "b1", size=(side, side))
    done = kurabe("check")
    assert ("if these are percent, multiply left and right" in done.stdout) == told


def test_check_tells_everything_that_is_wrong_with_its_line(root: Path) -> None:
    suite(root, "odd", [case("o1", "same"), case("o2", "same", relation="alined")], variants=["raw", "gary"])
    path = suite(root, "cut", [case("c1", "same"), case("c2", "different")])
    whole = (root / "cases/cut/images/c2.png").read_bytes()
    (root / "cases/cut/images/c2.png").write_bytes(whole[:-30])
    (root / "cases/cut/images/c1.png").unlink()
    (root / "cases/prompts.yaml").write_text("verdict:\n  en:\n    text: Alike?\n    yse: [Yes]\n")
    (root / "cases/empty.yaml").write_text("cases: []\n")
    suite(root, "own", [case("p1", "same")], prompts={"count": {"fr": "Combien?"}})
    (root / "models.toml").write_text(INSTANT + "treshold = 3\n[models.x]\nengine = 'nothing'\n")
    done = kurabe("check", code=1)
    lines = done.stderr.splitlines()
    number = path.read_text().splitlines().index("- id: c2") + 1
    for start, words in (
        (f"cases/cut/cut.yaml:{number + 2}: case c2: ", "cut off"),
        ("cases/cut/cut.yaml:5: case c1: ", "there is no image 'images/c1.png'"),
        ("cases/empty.yaml:1: ", "no cases"),
        ("cases/odd/odd.yaml:", "case o2: relation"),
        ("cases/odd/odd.yaml: suite odd: ", "unknown variant 'gary'; did you mean 'gray'?"),
        ("cases/own/own.yaml:", "'fr'"),
        ("cases/prompts.yaml:4: verdict.en.yse: ", "unknown key"),
        ("models.toml:5: ", "treshold"),
        ("models.toml:6: ", "no engine is called 'nothing'"),
    ):
        assert any(line.startswith(start) and words in line for line in lines), (start, words, done.stderr)
    assert len(lines) == 9
    assert "9 problems" in done.stdout


def test_check_knows_processors_of_the_project(root: Path) -> None:
    suite(root, "own", [case("p1", "same")], variants=["raw", "upside-down"])
    assert "unknown variant 'upside-down'" in kurabe("check", code=1).stderr
    (root / "conftest.py").write_text(
        "from PIL import ImageOps\nfrom kurabe.imaging.processors import processor\n\n"
        "@processor('upside-down')\ndef upside_down(reference, test):\n"
        "    return ImageOps.flip(reference), ImageOps.flip(test)\n"
    )
    kurabe("check")
    (root / "conftest.py").write_text("import nothing_of_that_name\n")
    assert "conftest.py: cannot be imported: ModuleNotFoundError" in kurabe("check", code=1).stderr


def test_check_without_cases_or_models(root: Path) -> None:
    done = kurabe("check", "--cases", "elsewhere", "--models-file", "none.toml", code=1)
    assert "there is no folder elsewhere" in done.stderr
    assert "none.toml: there is no such file" in done.stderr


def test_import_tells_how_to_run_what_it_made(root: Path) -> None:
    picture(root / "table/a.png")
    picture(root / "table/b.png", defect=True)
    table = root / "table/parts.csv"
    table.write_text("id,before,after,label,family\n1,a.png,b.png,different,x\n2,a.png,a.png,same,y\n")
    done = kurabe("import", "pairs", table)
    assert done.stdout.splitlines() == [
        "cases/parts/parts.yaml: 2 cases",
        "Kinds: 1 bad, 1 good.",
        "Pairs: each test picture with the good part that the source names.",
        "2 cases with 2 pictures imported.",
        "To run:",
        "  pytest cases -k parts",
    ]
    kurabe("check")
    assert "--force" in kurabe("import", "pairs", table, code=1).stderr
    kurabe("import", "pairs", table, "--force")
    done = kurabe("import", "pairs", table, "--by", "family", "--name", "my-parts", "--into", "more")
    assert done.stdout.splitlines()[:2] == [
        "more/my-parts-x/my-parts-x.yaml: 1 case",
        "more/my-parts-y/my-parts-y.yaml: 1 case",
    ]
    assert done.stdout.splitlines()[-1] == "  pytest more --kurabe-cases more -k my-parts"
    table.write_text(table.read_text() + "3,a.png,c.png,same,x\n")
    done = kurabe("import", "pairs", table, "--name", "less", code=1)
    assert done.stderr.startswith(f"{table}:4: case 3: ")
    done = kurabe("import", "pairs", table, "--name", "less", "--skip-bad")
    assert done.stderr.startswith(f"left out: {table}:4: case 3: ")
    assert "--by" in kurabe("import", "pairs", table, "--by", "colour", code=2).stderr
    done = kurabe("import", "pairs", root / "table/gone.csv", code=1)
    assert done.stderr == f"{root / 'table/gone.csv'}: there is no such file or folder\n"
    assert "there is no format 'coc'; did you mean 'coco'?" in kurabe("import", "coc", table, code=1).stderr


def test_a_dry_run_writes_nothing_and_a_sample_is_said(root: Path) -> None:
    for number in range(6):
        picture(root / f"photos/good/{number}.png", shade=150 + number)
        picture(root / f"photos/NG/{number}.png", defect=True, shade=150 + number)
    done = kurabe("import", "folder", root / "photos", "--dry-run")
    assert re.fullmatch(r"9 cases with \d+ pictures would be imported\.", done.stdout.splitlines()[-1])
    assert not (root / "cases/photos").exists()
    done = kurabe("import", "folder", root / "photos", "--sample", "2", "--seed", "3", "--pair", "first")
    assert "Kinds: 2 bad, 2 good." in done.stdout
    text = (root / "cases/photos/photos.yaml").read_text()
    assert text.startswith(
        "# Imported by: kurabe import folder photos --sample 2 --seed 3\n# Pairs: first, each"
    )
    kurabe("check")


def test_in_the_benchs_own_repository_the_command_is_that_of_the_readme(root: Path) -> None:
    (root / "benchmark").mkdir()
    (root / "benchmark/test_pairs.py").touch()
    (root / "t.csv").write_text(
        "id,before,after,label\n1,cases/pins/images/good.png,cases/pins/images/a1.png,different\n"
    )
    assert kurabe("import", "pairs", "t.csv").stdout.splitlines()[-1] == "  pytest benchmark -k t"


def test_new_writes_a_case_that_check_accepts(root: Path) -> None:
    shot = picture(root / "shots/n1.png", defect=True, shade=100)
    done = kurabe(
        "new", "pins", "--reference", root / "cases/pins/images/good.png", "--test", shot,
        "--says", "missing,absent;pin", "--says", "bent",
    )  # fmt: skip
    assert done.stdout.splitlines()[0] == "copied cases/pins/images/n1.png"
    assert done.stdout.splitlines()[-1] == "  pytest cases -k pins/n1"
    assert "5 good cases" in kurabe("check").stdout
    again = ("new", "pins", "--reference", shot, "--test", shot, "--verdict", "same", "--id")
    kurabe(*again, "n2", "--relation", "instance")
    assert "case n1: the id 'n1' stands twice" in kurabe(*again, "n1", code=1).stderr
    assert "--verdict" in kurabe("new", "pins", "--reference", shot, "--test", shot, code=1).stderr
    assert "--says" in kurabe(*again, "n3", "--says", ";", code=2).stderr


def test_models_lists_what_can_run_and_why_not(root: Path) -> None:
    (root / "models.toml").write_text(
        INSTANT + '[models.far]\nengine = "local"\ncheckpoint = "nobody/nothing"\ndevice = "cpu"\n'
        '[models.bad]\nengine = "local"\ncheckpoint = "cases"\nnote = "only a try"\ndevice = "cpu"\n'
    )
    lines = kurabe("models").stdout.splitlines()
    rows = {cells[0].strip(): [cell.strip() for cell in cells[1:]] for cells in (x.split("|") for x in lines)}
    assert rows["instant"] == ["tests.support.instant:create", "yes", "yes", ""]
    assert rows["far"] == ["local", "", "once fetched", "nobody/nothing"]
    assert rows["bad"] == ["local", "", "no", "cases"]
    assert "bad: cases has no config.json: it is no checkpoint" in lines
    assert "bad: only a try" in lines
    (root / "models.toml").write_text("")
    assert kurabe("models").stdout == "models.toml declares no model\n"
    assert "none.toml" in kurabe("models", "--models-file", "none.toml", code=1).stderr


def test_models_check_tells_whether_batching_changes_answers(root: Path) -> None:
    done = kurabe("models", "--check", "instant")
    assert "instant answers the same alone and in a batch" in done.stdout
    assert "threshold: 64" in done.stdout
    assert "answers/s" in done.stdout
    assert "MiB" in done.stdout or "GiB" in done.stdout
    (root / "models.toml").write_text(
        '[models.unsteady]\nengine = "tests.commands.test_check_model:create"\nfault = "text"\n'
    )
    done = kurabe("models", "--check", "unsteady", code=1)
    assert "unsteady answers not alike alone and in a batch" in done.stdout
    assert "something else" in done.stdout
    assert "did you mean 'unsteady'?" in kurabe("models", "--check", "unstedy", code=1).stderr


def test_models_fetch_of_an_engine_without_weights(root: Path) -> None:
    assert "instant: the engine needs no weights" in kurabe("models", "--fetch", "instant").stdout


def test_report_makes_the_tables_again(root: Path) -> None:
    add_run(root, "20250101-000000", {"same1": "same", "bad1": "different"})
    add_run(root, "20250102-000000", {"same1": "different", "bad1": "different"}, left_out={"big": "no GPU"})
    done = kurabe("report", "latest")
    assert "Leaderboard: verdict" in done.stdout
    assert "not run: big: no GPU" in done.stdout
    folder = root / "reports/runs/20250102-000000"
    assert f"wrote {(folder / 'leaderboard.csv').relative_to(root)}" in done.stdout
    with (folder / "leaderboard.csv").open() as file:
        assert {row["overkill_rate"] for row in csv.DictReader(file)} == {"1.0"}
    kurabe("report", "20250101-000000", "--into", "tables")
    with (root / "tables/leaderboard.csv").open() as file:
        assert {row["balanced_accuracy"] for row in csv.DictReader(file)} == {"1.0"}
    assert "20250102-000000" in kurabe("report", "yesterday", code=1).stderr


def test_report_of_a_run_without_results(root: Path) -> None:
    add_run(root, "20250101-000000", {}, planned=5)
    done = kurabe("report", "latest")
    assert "the run holds no results" in done.stdout
    assert "5 of 5 trials are missing" in done.stdout
    assert (root / "reports/index.html").is_file()
    assert "holds no results" in kurabe("compare", *["20250101-000000"] * 2, code=1).stderr
    damaged = root / "reports/runs/20250101-000000/results.jsonl"
    damaged.write_text("{}\n{}\n")
    assert f"{damaged.relative_to(root)}:1: damaged" in kurabe("report", "latest", code=1).stderr


def test_compare_tells_what_moved(root: Path) -> None:
    add_run(root, "20250101-000000", {"same1": "same", "same2": "different", "bad1": "different"})
    add_run(root, "20250102-000000", {"same1": "different", "same2": "same", "bad1": "same"})
    done = kurabe("compare", "latest", "latest")
    assert "broken: pins/same1-verdict-raw-m" in done.stdout
    assert "fixed: pins/same2-verdict-raw-m" in done.stdout
    assert "3 trials in both runs, 1 fixed, 2 broken" in done.stdout
    pair = ("compare", "20250101-000000", root / "reports/runs/20250102-000000")
    assert (
        "balanced_accuracy went from 0.75 to 0.25"
        in kurabe(*pair, "--fail", "balanced_accuracy:5%", code=1).stdout
    )
    kurabe(*pair, "--fail", "overkill_rate:0.1", "--fail", "miss_rate:1")
    assert "did you mean" in kurabe(*pair, "--fail", "balanced_acc:5%", code=2).stderr


def test_schema_is_written(root: Path) -> None:
    assert kurabe("schema").stdout == "wrote cases/case.schema.json\n"
    assert json.loads((root / "cases/case.schema.json").read_text()) == schema()
    assert "no folder nowhere" in kurabe("schema", "--cases", "nowhere", code=1).stderr


def test_process_writes_pictures_to_look_at(root: Path) -> None:
    reference, test = root / "cases/pins/images/good.png", root / "cases/pins/images/a1.png"
    done = kurabe("process", reference, test, "--with", "gray,diff", "--out", "out")
    written = [line.removeprefix("wrote ") for line in done.stdout.splitlines()]
    assert written == [
        "out/gray-reference.png",
        "out/gray-test.png",
        "out/diff-reference.png",
        "out/diff-test.png",
        "out/contact.png",
    ]
    with Image.open("out/gray-test.png") as gray, Image.open(test) as raw:
        assert gray.tobytes() == raw.convert("L").convert("RGB").tobytes()
    with Image.open("out/contact.png") as contact:
        # Raw and both processed pairs beside each other, each stacked with a bar between.
        assert contact.width >= 3 * 48
        assert contact.height >= 2 * 32 + 8
    large = picture(root / "large.png", size=(96, 64))
    assert (
        "48x32 and 96x64"
        in kurabe("process", reference, large, "--with", "gray", "--out", "o", code=1).stderr
    )
    assert not Path("o").exists()
    fitted = ("process", reference, large, "--relation", "instance", "--with", "gray", "--out", "o")
    assert "gray: test fitted to the reference's size" in kurabe(*fitted).stdout
    assert (
        "did you mean 'gray'?"
        in kurabe("process", reference, test, "--with", "gry", "--out", "x", code=1).stderr
    )
    assert "at least one" in kurabe("process", reference, test, "--with", ",", "--out", "x", code=2).stderr


def test_a_processor_that_fails_does_not_keep_the_others_back(root: Path) -> None:
    (root / "conftest.py").write_text(
        "from kurabe.imaging.processors import processor\n\n"
        "@processor('failing')\ndef failing(reference, test):\n    raise ValueError('no light')\n"
    )
    image = root / "cases/pins/images/good.png"
    done = kurabe("process", image, image, "--with", "failing,gray", "--out", "out", code=1)
    assert "processor 'failing' raised ValueError: no light" in done.stderr
    assert "wrote out/gray-test.png" in done.stdout
    assert not Path("out/failing-test.png").exists()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a folder that cannot be written to")
def test_a_folder_that_cannot_be_written_is_told_plainly(root: Path) -> None:
    (root / "cases").chmod(0o500)
    try:
        assert "cases/case.schema.json: Permission denied" in kurabe("schema", code=1).stderr
    finally:
        (root / "cases").chmod(0o700)


def test_a_file_in_the_way_is_told_plainly(root: Path) -> None:
    (root / "taken").write_text("")
    image = root / "cases/pins/images/good.png"
    done = kurabe("process", image, image, "--with", "gray", "--out", "taken", code=1)
    assert done.stderr == "taken: File exists\n"


# kurabe pod


def test_pod_writes_a_table_and_a_page_to_print(root: Path) -> None:
    names: dict[str, Verdict] = {f"d{i}": "different" if i > 12 else "same" for i in range(30)}
    add_run(root, "20260101-000000", names)
    path = root / "reports/runs/20260101-000000/results.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    sized = [json.dumps(line | {"size": 1.0 + i}) for i, line in enumerate(lines)]
    path.write_text("\n".join(sized) + "\n", encoding="utf-8")
    told = kurabe("pod", "latest", "--lang", "ja").output
    assert "Firth" in told
    with (path.parent / "pod.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["n"], row["hits"], row["method"]) == ("30", "17", "firth")
    assert 12 < float(row["a50"]) < 15
    page = (path.parent / "pod.html").read_text(encoding="utf-8")
    assert 'lang="ja"' in page
    assert "ファース法" in page
    assert "<svg" in page
    assert "http" not in page.replace("http://www.w3.org", "")


# kurabe agreement


def test_agreement_brings_people_in_beside_models(root: Path) -> None:
    add_run(root, "20260101-000000", {"same1": "same", "same2": "different", "d1": "different", "d2": "same"})
    said = "rater,case,trial,verdict\nAnn,same1,1,ok\nAnn,pins/d1,1,ng\nAnn,d2,1,ng\nAnn,a1,1,ng\n"
    (root / "cases/raters.csv").write_text(said, encoding="utf-8")
    told = kurabe("agreement", "latest", "--limit", "miss_rate <= 0.6").output
    assert "Raters against the truth" in told
    folder = root / "reports/runs/20260101-000000"
    with (folder / "agreement.csv").open(encoding="utf-8", newline="") as file:
        rows = {(row["measure"], row["rater"], row["other"]): row for row in csv.DictReader(file)}
    assert rows["effectiveness", "Ann", ""]["value"] == "1.0"
    assert rows["effectiveness", "m", ""]["value"] == "0.5"
    assert rows["miss_rate", "m", ""]["judgement"] == "acceptable"
    assert (rows["between", "m", "Ann"]["parts"], rows["between", "m", "Ann"]["count"]) == ("3", "2")
    assert "Ann" in (folder / "agreement.html").read_text(encoding="utf-8")
    assert "is no limit" in kurabe("agreement", "latest", "--limit", "miss", code=2).output
    (root / "cases/raters.csv").write_text(said + "Ann,d9,1,ng\n", encoding="utf-8")
    assert f"{Path('cases/raters.csv')}:6: there is no case 'd9'" in kurabe("agreement", code=1).output


def test_agreement_without_people_says_where_they_go(root: Path) -> None:
    add_run(root, "20260101-000000", {"same1": "same", "d1": "different"})
    assert "write what they said to cases/raters.csv" in kurabe("agreement").output
