from kurabe.models.spending import Spending


def test_without_a_limit_everything_is_asked() -> None:
    spending = Spending()
    assert all(spending.may_ask("m") for _ in range(100))
    assert not spending.is_spent("m")
    assert spending.summary() == ""


def test_the_first_request_goes_alone_and_tells_what_one_takes() -> None:
    spending = Spending(max_tokens=350)
    assert spending.may_ask("m")
    assert not spending.may_ask("m")
    assert not spending.is_spent("m")  # one is under way
    spending.settle("m", 100)
    assert [spending.may_ask("m") for _ in range(3)] == [True, True, False]
    spending.settle("m", 100)
    spending.settle("m", 100)
    assert not spending.may_ask("m")
    assert spending.is_spent("m")
    assert spending.why("m").startswith("the budget is used up (300 tokens for 3 answers")


def test_a_request_that_failed_costs_nothing() -> None:
    spending = Spending(max_cost=1.0)
    for _ in range(5):
        assert spending.may_ask("m")
        spending.settle("m")
    assert spending.may_ask("m")
    spending.settle("m", 10, 0.9)
    assert spending.is_spent("m")
    assert spending.summary() == "0.9 spent, 10 tokens for 1 answer of served models"


def test_models_share_one_budget() -> None:
    spending = Spending(max_tokens=250)
    spending.may_ask("a")
    spending.settle("a", 200)
    assert spending.may_ask("b")  # what one takes is not known
    spending.settle("b", 40)
    assert spending.is_spent("b")


def test_processes_take_equal_parts() -> None:
    spending = Spending(max_cost=3.0, max_tokens=1000)
    spending.share(3)
    assert (spending.max_cost, spending.max_tokens) == (1.0, 333)
