"""What the entries of a session's models tell its manifest: thresholds, and the cards of adapters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kurabe.calibration import calibrated
from kurabe.models import weights as files
from kurabe.models.adapters.card import read_card

if TYPE_CHECKING:
    from kurabe.plugin.session import Session


def set_thresholds(session: Session) -> dict[str, dict[str, Any]]:
    """Return the thresholds that verdicts were made with, and where they are from, by model."""
    found: dict[str, dict[str, Any]] = {}
    for name in session.models:
        common = session.registry.models.entries[name].common
        if common.threshold is not None:
            found[name] = {"threshold": common.threshold, "from": session.project.models.name}
        elif common.calibrate is not None:
            found[name] = {
                "from": f"suite {common.calibrate}, split calibration",
                "rule": common.at,
                "chosen": calibrated(session.records, name),
            }
    return found


def cards_of(session: Session) -> dict[str, dict[str, Any]]:
    """Return cards of the adapters that take part, by model: reports need nothing but the run's files."""
    for name in session.models:
        if name not in session.cards:
            session.cards[name] = _card(session, name)
    return {name: card for name, card in session.cards.items() if card is not None}


def _card(session: Session, name: str) -> dict[str, Any] | None:
    settings = session.registry.models.entries[name].settings
    source, revision = settings.get("adapter"), settings.get("adapter_revision")
    if not isinstance(source, str):
        return None
    folder = files.locate(source, revision, session.project.models.parent, "adapter").folder
    try:
        return None if folder is None else read_card(folder)
    except (OSError, ValueError) as error:
        session.messages.append(f"{name}: its card cannot be shown: {error}")
        return None
