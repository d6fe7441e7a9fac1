"""One channel's deliveries: in order, each change once, not too many at a time; what could not be delivered waits.

It does not wait for ever: Apprise cannot tell a wrong password from a receiver that is away, and what is not done is
not acknowledged. After a while a change is given up, in the way of Alertmanager: its alert, as long as it rings, is
tried again, and told once the receiver answers.
"""

import asyncio
from collections import deque
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime

from services.core.alert import Alert
from services.core.mute import facts_of
from services.core.notified import Outcome
from services.core.receivers import Receiver
from services.notifier.channels import Channel, Result
from services.notifier.heard import Heard, Held
from services.notifier.limit import Limit
from services.notifier.notified import Note
from services.notifier.route import Decision, decide
from services.notifier.together import Together
from services.runtime.logs import logger
from services.runtime.stage import Stage

_PAUSE_SECONDS = 1.0
_MOST_WAITING = 1_000


class Delivery:
    """Sends what is put in.

    What is muted or given up counts as done and is held until it may be heard. After a start that is again all that
    rings, is muted or was given up, and was not told. What is above the limit, or waits for others of its group, is not
    done until the summary that tells of it is delivered or given up.
    """

    def __init__(self, stage: Stage, channel: Channel, heard: Heard, *, note: Note, limit: Limit) -> None:
        self._stage = stage
        self._channel = channel
        self._receiver = Receiver(channel.name.partition("-")[0])
        self._heard = heard
        self._note = note
        self._limit = limit
        self._sent = heard.sent_by(channel.name)
        self._held = Held()
        self._away = False
        self._together = Together()
        self._surplus: dict[str, Alert] = {}
        self._surplus_since = stage.now()
        self._waiting: deque[tuple[datetime, Alert]] = deque()
        self._arrived = asyncio.Event()
        for alert in heard.alerts.values():
            if alert.state.active and (alert.alert_id in self._sent.lost or heard.mutes(alert, stage.now())):
                self._held.hold(alert)

    @property
    def full(self) -> bool:
        """Whether it should not be given more for now."""
        return len(self._waiting) >= _MOST_WAITING

    @property
    def done(self) -> bool:
        """Whether all that was put in may be acknowledged."""
        return not self._waiting and not self._surplus and not self._together

    def put(self, alerts: Iterable[Alert]) -> None:
        """Takes more to send."""
        now = self._stage.now()
        self._waiting.extend((now, alert) for alert in alerts)
        if self._waiting:
            self._arrived.set()

    async def run(self) -> None:
        """Sends without end."""
        while True:
            self._arrived.clear()
            if await self.send_waiting():
                await self.send_surplus()
                await self.send_groups()
                await self.send_held()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._arrived.wait(), _PAUSE_SECONDS)

    async def send_waiting(self) -> bool:
        """Sends until nothing waits, or until the receiver does not answer; then gives up what has waited too long."""
        while self._waiting:
            if await self.handle(self._waiting[0][1]) is Result.UNREACHABLE:
                late = [alert for since, alert in self._waiting if self._too_late(since)]
                self._waiting = deque(list(self._waiting)[len(late) :])
                await self._give_up(late)
                return False
            self._waiting.popleft()
        return True

    async def handle(self, alert: Alert) -> Result | Decision:
        """Sends one change, if it is to be sent, or puts it into its group."""
        now = self._stage.now()
        decision = self._decide(alert, muted=bool(self._heard.mutes(alert, now)))
        grouping = self._heard.grouping(alert, self._receiver) if decision is Decision.SEND else None
        if grouping:
            decision = Decision.GROUPED
            self._together.add(alert, facts_of(alert), grouping, now)
        if decision is Decision.MUTED:
            self._held.hold(alert)
        if decision in (Decision.MUTED, Decision.GROUPED):
            self._count(decision)
        return await self._offer(alert) if decision is Decision.SEND else decision

    async def send_held(self) -> None:
        """Sends what was muted or given up and is to be heard now; it has waited, so for no group."""
        for alert in self._held.due(self._heard, self._sent.changes, self._stage.now()):
            if self._decide(alert) is not Decision.SEND:
                self._held.release(alert)
            elif await (self._try(alert) if self._away else self._offer(alert)) is Result.UNREACHABLE:
                return

    async def _try(self, alert: Alert) -> Result:
        """Sends to a channel that was away: it stays held until that answers, and holds nothing up."""
        return await self._deliver((alert,)) if self._limit.take(self._stage.now()) else Result.UNREACHABLE

    async def send_surplus(self) -> None:
        """Sends a summary of what was above the limit, once the channel may be told something again."""
        now = self._stage.now()
        for alert in [each for each in self._surplus.values() if self._heard.mutes(each, now)]:
            self._held.hold(self._surplus.pop(alert.alert_id))
        if self._surplus and self._limit.take(now):
            told = await self._deliver(tuple(self._surplus.values()))
            if told is Result.UNREACHABLE and self._too_late(self._surplus_since):
                await self._give_up(self._surplus.values())
                self._surplus.clear()

    async def send_groups(self) -> None:
        """Sends what was to be told together by now, as far as the limit lets."""
        for group in self._together.due(now := self._stage.now()):
            for alert in [each for each in group.changes.values() if self._heard.mutes(each, now)]:
                self._held.hold(group.changes.pop(alert.alert_id))
            changes = tuple(each for each in group.changes.values() if each.state.active or self._was_told(each))
            if not changes:
                self._together.close(group)
            elif not self._limit.take(now):
                return
            elif await self._deliver(changes) is not Result.UNREACHABLE:
                self._together.close(group, now)
            else:
                if self._too_late(group.since):
                    self._together.close(group)
                    await self._give_up(changes)
                return

    def _was_told(self, alert: Alert) -> bool:
        return alert.alert_id in self._sent.changes

    def _too_late(self, since: datetime) -> bool:
        return self._stage.now() - since >= self._stage.settings.notifier.give_up

    async def _give_up(self, alerts: Collection[Alert]) -> None:
        """Takes changes for done, and holds those that were to be sent."""
        now, lost = self._stage.now(), []
        for alert in alerts:
            decision = self._decide(alert, muted=bool(self._heard.mutes(alert, now)))
            if decision in (Decision.SEND, Decision.MUTED):
                self._held.hold(alert)
                self._count(Decision.GIVEN_UP if decision is Decision.SEND else decision)
            if decision is Decision.SEND:
                lost.append(alert)
        if lost:
            after = str(self._stage.settings.notifier.give_up)
            logger(__name__).error("given up", channel=self._channel.name, changes=len(lost), after=after)
            await self._note(self._channel.name, lost, Outcome.GIVEN_UP)

    async def _offer(self, alert: Alert) -> Result | Decision:
        """Sends a change, or keeps it for the summary; behind what waits for one nothing goes ahead."""
        if self._surplus or not self._limit.take(self._stage.now()):
            self._surplus_since = self._surplus_since if self._surplus else self._stage.now()
            known = self._surplus.get(alert.alert_id)
            if known is None or alert.changed_at >= known.changed_at:
                self._surplus[alert.alert_id] = alert
            self._held.release(alert)
            self._count(Decision.HELD_BACK)
            return Decision.HELD_BACK
        return await self._deliver((alert,))

    async def _deliver(self, alerts: tuple[Alert, ...]) -> Result:
        with self._stage.metrics.timed("notifier"):
            told = self._channel.deliver(alerts[0]) if len(alerts) == 1 else self._channel.summarize(alerts)
            result = await told
        self._count(result)
        self._away = result is Result.UNREACHABLE
        if self._away:
            self._stage.health.waits_for(self._channel.name)
        else:
            self._stage.health.has(self._channel.name)
            if result is not Result.NOT_CONFIGURED:
                await self._note(self._channel.name, alerts, Outcome(result))
            for alert in alerts:
                self._sent.put(alert.alert_id, alert.state, alert.changed_at)
                self._surplus.pop(alert.alert_id, None)
                self._held.release(alert)
        return result

    def _decide(self, alert: Alert, *, muted: bool = False) -> Decision:
        streams, ours = self._stage.settings.notifier.streams, self._heard.goes_to(alert, self._receiver)
        return decide(alert, self._sent, streams=streams, ours=ours, muted=muted)

    def _count(self, result: Result | Decision) -> None:
        self._stage.metrics.count("tocsin_notifications_total", channel=self._channel.name, result=result)
