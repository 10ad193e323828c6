"""Adapters folded into their base on a CPU: the same answers, the base's own weights back as they were."""

from typing import Any

import pytest

from kurabe.models import adapters
from kurabe.models.adapters import folding
from tests.models.adapters.made import PHI_ADAPTERS, gap, phi, run

ADAPTER = "cookbook_like"


@pytest.fixture
def model(phi_base: Any) -> Any:
    """Return a base with two adapters on it."""
    made = phi_base
    for name in (ADAPTER, "lm_only"):
        made = adapters.attach(made, phi(name), name).model
    return made


def test_folded_answers_are_those_of_the_layers_beside(model: Any, phi_inputs: dict[str, Any]) -> None:
    """In float32 to rounding (of 10, over all positions), with the same tokens, whatever was on before."""
    for name in (ADAPTER, "lm_only", ADAPTER):
        adapters.use(model, name)
        beside = run(model, phi_inputs)
        adapters.use(model, name, fold=True)
        assert folding.can_fold(model, f"adapter:{name}")
        folded = run(model, phi_inputs)
        assert 0 < gap(folded, beside) < 1e-3
        assert folded.argmax(-1).equal(beside.argmax(-1))
        adapters.use(model, name)
        assert run(model, phi_inputs).equal(beside)
        adapters.use(model, name, fold=True)
        assert run(model, phi_inputs).equal(folded)


def test_the_base_answers_exactly_as_before(phi_base: Any, phi_inputs: dict[str, Any]) -> None:
    """Its weights are the very same tensors again, and no folded one is a parameter of the model."""
    own = {name: value.data_ptr() for name, value in phi_base.named_parameters()}
    said = run(phi_base, phi_inputs)
    made = adapters.attach(phi_base, phi(ADAPTER), ADAPTER).model
    adapters.use(made, ADAPTER, fold=True)
    assert not run(made, phi_inputs).equal(said)
    adapters.use(made, None)
    assert run(made, phi_inputs).equal(said)
    inner = dict(made.get_base_model().named_parameters())
    now = {name.replace(".base_layer", ""): value for name, value in inner.items() if "lora_" not in name}
    assert {name: value.data_ptr() for name, value in now.items()} == own


def test_another_adapter_attached_meanwhile_sees_the_base(phi_base: Any, phi_inputs: dict[str, Any]) -> None:
    """What was in use stays in use; the newcomer is computed from the base, not from the folded sum."""
    made = adapters.attach(phi_base, phi(ADAPTER), ADAPTER).model
    adapters.use(made, ADAPTER, fold=True)
    first = run(made, phi_inputs)
    made = adapters.attach(made, phi("lm_only"), "lm_only").model
    assert adapters.in_use(made) == ADAPTER
    assert run(made, phi_inputs).equal(first)
    adapters.use(made, "lm_only", fold=True)
    second = run(made, phi_inputs)
    adapters.use(made, None)
    adapters.use(made, "lm_only", fold=True)
    assert run(made, phi_inputs).equal(second)


def test_rows_of_different_adapters_are_answered_beside(model: Any, phi_inputs: dict[str, Any]) -> None:
    """A mixed batch needs the base's own weights, and what was in use is folded again afterwards."""
    import torch

    ids = phi_inputs["input_ids"].clamp(min=1)[:, -12:]
    alone = []
    for name in ("lm_only", None):
        adapters.use(model, name)
        alone.append(run(model, {"input_ids": ids}))
    adapters.use(model, "lm_only", fold=True)
    folded = run(model, phi_inputs)
    with adapters.mixed(model, ["lm_only", None]) as more:
        both = run(model, {"input_ids": torch.cat([ids, ids])}, **more)
    assert run(model, phi_inputs).equal(folded)
    assert adapters.in_use(model) == "lm_only"
    assert gap(both, torch.cat(alone)) < 1e-5


@pytest.mark.parametrize("change", ["bfloat16", "large"])
def test_nothing_is_folded_where_sums_would_be_rounded_or_memory_is_short(
    phi_base: Any, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The layers answer beside the base's, as PEFT has it."""
    base = phi_base.bfloat16() if change == "bfloat16" else phi_base
    if change == "large":
        monkeypatch.setattr(folding, "MOST", 1000)
    made = adapters.attach(base, phi(ADAPTER), ADAPTER).model
    adapters.use(made, ADAPTER, fold=True)
    assert not folding.can_fold(made, f"adapter:{ADAPTER}")
    assert all("kurabe_own" not in vars(module) for module in made.modules())


def test_adapters_of_every_make_are_folded_or_not_by_what_they_hold(phi_base: Any) -> None:
    """Those that adapt a convolution or an embedding are not."""
    made = phi_base
    for name in PHI_ADAPTERS:
        made = adapters.attach(made, phi(name), name).model
    folds = {name: folding.can_fold(made, f"adapter:{name}") for name in PHI_ADAPTERS}
    assert folds[ADAPTER]
    assert folds["lm_only"]
    assert not folds["2u1_vision"]
