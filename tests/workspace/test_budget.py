"""Budgets of steps and time, and cancelling."""

import threading

import pytest

from lint_rules.budget import Budget, Cancelled, OutOfBudget


def test_steps_are_spent_and_then_refused():
    budget = Budget(steps=3)
    budget.spend(2)
    budget.spend()
    budget.spend(0)
    for _ in range(2):
        with pytest.raises(OutOfBudget):
            budget.spend()


def test_what_is_left_cannot_be_spent_after_a_refusal():
    budget = Budget(steps=3)
    with pytest.raises(OutOfBudget):
        budget.spend(4)
    with pytest.raises(OutOfBudget):
        budget.spend(1)


def test_time_is_over():
    Budget(seconds=60).spend()
    with pytest.raises(OutOfBudget):
        Budget(seconds=-1).spend(0)


def test_a_part_spends_from_the_whole():
    whole = Budget(steps=3)
    Budget(steps=2, parent=whole).spend(2)
    with pytest.raises(OutOfBudget):
        Budget(steps=2, parent=whole).spend(2)


def test_a_part_may_be_exhausted_before_the_whole():
    whole = Budget(steps=10)
    with pytest.raises(OutOfBudget):
        Budget(steps=1, parent=whole).spend(2)
    whole.spend(8)


def test_cancelling_the_whole_cancels_its_parts():
    whole = Budget()
    part = Budget(parent=whole)
    part.spend(1_000_000)
    thread = threading.Thread(target=whole.cancel)
    thread.start()
    thread.join()
    with pytest.raises(Cancelled):
        part.spend(0)
    with pytest.raises(Cancelled):
        whole.spend(0)
