"""Whatever is found, in whatever order: at most one open episode a rule and source, and a story that adds up."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bilan.casework import alerting
from bilan.casework.models import Alert, AlertEvent
from tests.casework.episodes import HOUR, MOMENT, checked, finding, findings, later, rule, rules, steps

RULES = rules(rule("over", escalate=steps((2 * HOUR, 4, ""))), rule("stuck"), rule("silent", cause="none"))
KEYS = [(name, source) for name in RULES for source in ("GAS1|w01018", "GAS2|w01018")]
ROUNDS = st.lists(
    st.tuples(st.dictionaries(st.sampled_from(KEYS), st.integers(1, 4)), st.sets(st.sampled_from(KEYS)), st.integers(-180, 300)),
    max_size=8,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROUNDS)
def test_any_sequence_gives_one_episode_at_a_time_and_a_consistent_story(rounds):
    Alert.objects.all().delete()
    minute = 0
    for number, (fired, looked_at, passed) in enumerate(rounds):
        minute += passed
        rows = [finding(source, level, rule=name, moment=MOMENT + number * HOUR) for (name, source), level in fired.items()]
        alerting.take(findings(*rows), checked(*looked_at, *fired), later(minute), RULES)
        alerting.escalate(later(minute), RULES)
        standing = Counter(Alert.objects.exclude(state="cleared").values_list("rule", "source"))
        assert set(standing.values()) <= {1}
        assert set(fired) <= set(standing)
        assert not (set(looked_at) - set(fired)) & set(standing)
    for alert in Alert.objects.all():
        check_story(alert)


def check_story(alert: Alert) -> None:
    events = list(AlertEvent.objects.filter(alert=alert).order_by("pk"))
    kinds = [event.kind for event in events]
    assert kinds[0] == ("reraised" if alert.before_id else "opened")
    assert kinds.count("opened") + kinds.count("reraised") == 1
    assert (kinds.count("cleared"), "cleared" in kinds) == ((1, True) if alert.state == "cleared" else (0, False))
    assert "cleared" not in kinds[:-1]
    assert events[-1].level == alert.level or kinds[-1] in {"folded", "unfolded"}
    assert alert.peak == max(event.level for event in events)
    assert kinds.count("escalated") == alert.escalated
    turns = [kind for kind in kinds if kind in {"folded", "unfolded"}]
    assert all(first != second or first == "folded" for first, second in pairwise(turns))
    head = alert.folded
    if alert.state == "open" and head is not None:
        assert head.state == "open"
        assert head.folded_id is None
        assert head.cause == alert.cause
        assert head.level >= alert.level
