"""Imports: what an importer gives becomes suites, whole or not at all.

The source is read several times rather than held: for the good parts, for the choice of a sample, and to
write the cases, a block at a time. What stays in memory are the names of the good parts, their gists where
the nearest is looked for, and the ids.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from kurabe.authoring.choosing import Chooser
from kurabe.authoring.import_files import need_folder, pictures_below
from kurabe.authoring.import_order import Imported, Order
from kurabe.authoring.import_suites import Head, Writer, refuse_existing
from kurabe.authoring.imported_case import Ids, case_of, check_sizes, marks_of, wrong_with
from kurabe.authoring.looking import Look, Looker
from kurabe.authoring.pairing import SAID, Pairing, Place, Pool
from kurabe.authoring.parts import Found, Importer, LeftOut, Mark, Part
from kurabe.authoring.suite_writer import suite_name
from kurabe.cases.names import slug
from kurabe.common.errors import CaseError, KurabeError, Problem
from kurabe.common.vocabulary import Relation

_BLOCK = 128
"""Parts whose pictures are decoded together."""


@dataclass(slots=True)
class _Survey:
    """What a first reading finds."""

    pools: dict[Place, Pool] = field(default_factory=dict)
    folders: set[Path] = field(default_factory=set)
    paired: bool = False
    given: bool = False


def run_import(
    importer: Importer, order: Order, progress: Callable[[Iterable[Part]], Iterable[Part]] = iter
) -> Imported:
    """Make suites of what an importer gives.

    Args:
        importer: Reads the source.
        order: What is asked for.
        progress: Wraps the parts as they are imported, to show how far that is.

    Raises:
        CaseError: With everything that is wrong, unless it is to be left out; nothing has then been written.
        KurabeError: If a suite is there already, or nothing can be used.
    """
    done = Imported(suite_name(order.name))
    if not order.by_product:
        refuse_existing(order.into, [order.name], order.force)
    extra: list[Path] = []
    if order.references is not None:
        need_folder(order.references, "good parts")
        extra = list(pictures_below(order.references))
    survey = _survey(importer, order, extra)
    done.rule = _rule(survey, order)
    usual = order.relation or importer.relation
    head = Head(order, f"{importer.title}: {order.source.name}", done.rule, usual, frozenset(survey.folders))
    with Looker(gists=order.pair == "nearest") as looker, Writer(head) as writer:
        pairing = Pairing(order.pair, survey.pools, extra, order.seed, looker)
        chosen = _choice(importer, pairing, order)
        ids = Ids()
        maker = _Maker(pairing, looker, writer, ids, usual, order.by_product)
        for block in _blocks(progress(_tested(importer, order, pairing, chosen, done))):
            for problem in maker.make(block, done):
                done.skip(problem)
        for problem in pairing.problems:
            done.skip(problem)
        if done.skipped and not order.skip_bad:
            raise CaseError(_all_told(done))
        if not writer.cases:
            raise CaseError([*_all_told(done), Problem("no row can be used", order.source)])
        done.suites = writer.finish()
        done.pictures = writer.pictures
    return done


def _survey(importer: Importer, order: Order, extra: list[Path]) -> _Survey:
    found = _Survey(folders={path.parent for path in extra})
    for part in _parts(importer, order):
        if not isinstance(part, Part):
            continue
        found.folders.update(path.parent for path in (part.picture, *part.references))
        if part.references:
            found.given = True
            continue
        pool = found.pools.setdefault(part.place, Pool())
        if part.role == "reference":
            pool.kept.append(part.picture)
        elif part.role == "any" and part.good:
            pool.free.append(part.picture)
        else:
            pool.tests += 1
            found.paired = True
    found.paired = found.paired or bool(found.pools and not found.given)
    return found


def _parts(importer: Importer, order: Order) -> Iterator[Found]:
    """Give what the importer gives; a source that is formed otherwise is the user's to mend.

    Raises:
        KurabeError: If the importer stumbles.
    """
    try:
        yield from importer.parts()
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        found = f"{type(error).__name__}: {error}"
        raise KurabeError(
            f"{order.source}: is not formed as {importer.title} is ({found}); looked for {importer.layout}"
        ) from error


def _rule(survey: _Survey, order: Order) -> str:
    own = "each test picture with the good part that the source names"
    if not survey.given:
        return f"{order.pair}, {SAID[order.pair]}"
    return f"{own}; elsewhere {order.pair}, {SAID[order.pair]}" if survey.paired else own


def _choice(importer: Importer, pairing: Pairing, order: Order) -> frozenset[int] | None:
    if order.sample is None and order.limit is None:
        return None
    chooser = Chooser(order.sample, order.limit, order.seed)
    tested = (
        part for part in _parts(importer, order) if isinstance(part, Part) and not pairing.is_reference(part)
    )
    for number, part in enumerate(tested):
        chooser.offer(number, part.stratum)
    return chooser.chosen()


def _tested(
    importer: Importer, order: Order, pairing: Pairing, chosen: frozenset[int] | None, done: Imported
) -> Iterator[Part]:
    """Give the parts that are asked about; what else the importer gives is noted."""
    number = 0
    found: Found
    for found in _parts(importer, order):
        if isinstance(found, Problem):
            done.skip(found)
        elif isinstance(found, LeftOut):
            done.left_out[found.what] += 1
        elif not pairing.is_reference(found):
            if chosen is None or number in chosen:
                yield found
            number += 1


def _blocks(parts: Iterable[Part]) -> Iterator[list[Part]]:
    rest = iter(parts)
    while block := list(islice(rest, _BLOCK)):
        yield block


def _all_told(done: Imported) -> list[Problem]:
    more = done.skipped_number - len(done.skipped)
    told = sorted(done.skipped, key=lambda problem: (str(problem.path or ""), problem.line or 0))
    return [*told, *([Problem(f"and {more} more like these")] if more else [])]


@dataclass(slots=True)
class _Maker:
    """Makes cases of parts."""

    pairing: Pairing
    looker: Looker
    writer: Writer
    ids: Ids
    usual: Relation
    by_product: bool

    def make(self, block: list[Part], done: Imported) -> Iterator[Problem]:
        """Write the cases of some parts; give what is wrong with the others."""
        looks = self.looker.look(part.picture for part in block)
        partners = self.pairing.partners(block, looks)
        looks |= self.looker.look(good for goods in partners if not isinstance(goods, str) for good in goods)
        for part, goods in zip(block, partners, strict=True):
            if isinstance(goods, str):
                # What is wrong with the good parts of a whole place is told once, of the place.
                if what := looks[part.picture].wrong or goods:
                    yield part.problem(what)
                continue
            told = list(self._one(part, goods, looks))
            if told:
                yield from map(part.problem, told)
            else:
                done.kinds.update(part.named_kinds)

    def _one(self, part: Part, goods: tuple[Path, ...], looks: dict[Path, Look]) -> Iterator[str]:
        wrong = [path for path in dict.fromkeys([*goods, part.picture]) if looks[path].wrong]
        if wrong:
            yield from (looks[path].wrong for path in wrong)
            return
        relation = part.relation or self.usual
        if sizes := check_sizes(relation, looks[part.picture], [looks[good] for good in goods]):
            yield sizes
            return
        try:
            marks: tuple[Mark, ...] | None = marks_of(part, looks[part.picture])
            case_id = self.ids.of(part)
        except ValueError as error:
            yield str(error)
            return
        suite = self.writer.name
        if self.by_product:
            if not slug(part.product):
                yield "has no product (in tables: family): give it one, or import without --by"
                return
            suite = f"{suite}-{slug(part.product)}"
        case = case_of(part, case_id, goods, marks, relation, self.usual, self.writer.place)
        told = wrong_with(case)
        yield from told
        if not told:
            self.writer.add(suite, case, [*goods, part.picture])
