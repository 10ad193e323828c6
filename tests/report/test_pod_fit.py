"""Probability of detection against a published example, statsmodels, and limits found another way."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.optimize import minimize
from scipy.special import expit, logit
from scipy.stats import chi2

from kurabe.report.pod_fit import fit_pod, is_separated
from kurabe.report.statistics import Bools, Floats

# Bliss (1935), beetles killed by carbon disulphide: log10 of the dose, beetles, killed. The logistic fit is
# in Dobson, An Introduction to Generalized Linear Models: -60.72 (standard error 5.18) and 34.27 (2.91).
DOSES = (1.6907, 1.7242, 1.7552, 1.7842, 1.8113, 1.8369, 1.8610, 1.8839)
BEETLES = (59, 60, 62, 56, 63, 59, 62, 60)
KILLED = (6, 13, 18, 28, 52, 53, 61, 60)


def beetles() -> tuple[Floats, Bools]:
    sizes = np.repeat(DOSES, BEETLES)
    hits = [[True] * k + [False] * (n - k) for k, n in zip(KILLED, BEETLES, strict=True)]
    return sizes, np.concatenate([np.array(each) for each in hits])


def drawn(seed: int, n: int = 80, middle: float = 3.0, slope: float = 3.0) -> tuple[Floats, Bools]:
    rng = np.random.default_rng(seed)
    sizes = np.exp(rng.uniform(0, 3, n))
    return sizes, rng.random(n) < expit(slope * (np.log(sizes) - np.log(middle)))


def test_a_published_example_comes_out_as_published() -> None:
    fit = fit_pod(*beetles(), log=False)
    assert (round(fit.intercept, 2), round(fit.slope, 2)) == (-60.72, 34.27)
    assert fit.size(0.5) == pytest.approx(60.717 / 34.270, abs=1e-4)
    assert (fit.method, fit.grows, fit.deff) == ("likelihood", True, 1.0)


@pytest.mark.parametrize("seed", range(4))
def test_the_fit_is_that_of_statsmodels(seed: int) -> None:
    sizes, hit = drawn(seed)
    fit = fit_pod(sizes, hit)
    logistic = sm.Logit(hit.astype(float), sm.add_constant(np.log(sizes))).fit(disp=0)
    assert [fit.intercept, fit.slope] == pytest.approx(list(logistic.params), abs=1e-5)
    assert fit.at(sizes) == pytest.approx(logistic.predict(), abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_the_limit_is_the_largest_a90_that_the_likelihood_allows(seed: int) -> None:
    """Walk along the edge of the region of all likely curves, and look for its largest a90."""
    sizes, hit = drawn(seed)
    x, sign = np.log(sizes), np.where(hit, 1.0, -1.0)

    def fall(b: Floats) -> float:
        return float(np.logaddexp(0, -sign * (b[0] + b[1] * x)).sum())

    best = minimize(fall, (0.0, 1.0), method="BFGS")
    drop = chi2.ppf(0.90, 1) / 2

    def at_angle(angle: float) -> float:
        """Return the a90 of the curve on the edge in a direction from the most likely one."""
        way = np.array([np.cos(angle), np.sin(angle)]) @ np.linalg.cholesky(best.hess_inv).T
        low, high = 0.0, 1.0
        while fall(best.x + high * way) - best.fun < drop:
            high *= 2
        for _ in range(60):
            middle = (low + high) / 2
            inside = fall(best.x + middle * way) - best.fun < drop
            low, high = (middle, high) if inside else (low, middle)
        level, slope = best.x + low * way
        return float((logit(0.9) - level) / slope)

    edge = max(at_angle(angle) for angle in np.linspace(0, 2 * np.pi, 3001))
    assert fit_pod(sizes, hit).limit(0.9) == pytest.approx(np.exp(edge), rel=1e-4)


def test_separated_parts_are_fitted_with_firths_penalty() -> None:
    sizes = np.array([1.0, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12, 15])
    hit = sizes > 3.5
    assert is_separated(sizes, hit)
    fit = fit_pod(sizes, hit)
    x = sm.add_constant(np.log(sizes))

    # Firth's estimate is where the modified score is zero; here its root is found by Newton's steps.
    b = np.zeros(2)
    for _ in range(200):
        p = expit(x @ b)
        inverse = np.linalg.inv((x.T * (p * (1 - p))) @ x)
        leverage = p * (1 - p) * np.einsum("ij,jk,ik->i", x, inverse, x)
        b += 0.5 * inverse @ (x.T @ (hit - p + leverage * (0.5 - p)))
    assert [fit.intercept, fit.slope] == pytest.approx(list(b), abs=1e-4)
    assert fit.method == "firth"
    assert 3 < fit.size(0.5) < 4
    # Small and separated: the limit is far above, and never below the estimate.
    limit = fit.limit(0.9)
    assert limit is None or limit > fit.size(0.9)


def test_firth_on_one_step_is_the_known_closed_form() -> None:
    """With two sizes the model is saturated: the penalty adds half a hit and half a miss to each."""
    sizes = np.repeat([1.0, np.e], 10)
    hit = np.repeat([False, True], 10)
    fit = fit_pod(sizes, hit)
    assert fit.at(np.array([1.0, np.e])) == pytest.approx([0.5 / 11, 10.5 / 11], abs=1e-5)


def test_detection_that_does_not_grow_is_told() -> None:
    sizes, _ = drawn(5)
    rng = np.random.default_rng(1)
    assert not fit_pod(sizes, rng.random(80) < 0.5).grows
    assert fit_pod(*drawn(5)).grows


def test_parts_that_share_units_widen_the_limit() -> None:
    sizes, hit = drawn(7)
    own = fit_pod(sizes, hit, np.arange(80))
    twice = fit_pod(np.tile(sizes, 2), np.tile(hit, 2), np.tile(np.arange(80), 2))
    assert own.deff == 1
    # Each part twice is no more evidence: the limit is as if it stood once.
    assert twice.deff == pytest.approx(2, rel=0.3)
    one, two = own.limit(0.9), twice.limit(0.9)
    assert one is not None
    assert two is not None
    assert two == pytest.approx(one, rel=0.1)


def test_the_penalised_limit_holds_as_often_as_it_says() -> None:
    """Of 100 samples about 97 have an a90/95 above the true a90; by maximum likelihood it is about 92."""
    true = 3.0 * np.exp(logit(0.9) / 3.0)
    held = {False: 0, True: 0}
    for seed in range(100):
        for penalised in held:
            limit = fit_pod(*drawn(1000 + seed, n=60), penalised=penalised).limit(0.9)
            held[penalised] += limit is None or limit >= true
    assert held[True] >= 92
    assert held[True] >= held[False] >= 85
