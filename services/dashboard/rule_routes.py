"""The API's answer on rules: what is watched, and how much of it rings."""

from collections.abc import Sequence

from fastapi import APIRouter

from services.core.alert import Alert
from services.core.rule import Rule
from services.dashboard.answers import RuleItem, RuleList
from services.dashboard.shown import Shown
from services.runtime.rulesfile import InForce


def rule_routes(shown: Shown, in_force: InForce) -> APIRouter:
    """The route under ``/api/v1``; ``in_force`` are the rules that hold, and what is wrong with the file."""
    router = APIRouter(prefix="/api/v1", tags=["rules"])

    @router.get("/rules")
    async def all_rules() -> RuleList:
        """The rules of the rules file, and those that alerts are known of but that are no longer in it."""
        rules = in_force.rules
        alerts = list(shown.board.alerts.values())
        gone = sorted({alert.rule for alert in alerts} - {rule.name for rule in rules})
        items = [_item(rule.name, rule, alerts) for rule in rules] + [_item(name, None, alerts) for name in gone]
        return RuleList(items=items, problems=tuple(map(str, in_force.problems)))

    return router


def _item(name: str, rule: Rule | None, alerts: Sequence[Alert]) -> RuleItem:
    of_rule = [alert for alert in alerts if alert.rule == name]
    return RuleItem(
        name=name,
        rule=rule,
        version=rule.version if rule else None,
        ringing=sum(alert.state.active for alert in of_rule),
        over=sum(not alert.state.active for alert in of_rule),
        changed_at=max((alert.changed_at for alert in of_rule), default=None),
    )
