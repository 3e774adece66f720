"""A slow reading of what happened to each person, for tests of admission: the acts, told one after the other.

It keeps nothing but the list of acts that got in, and reads it again for every question. Rules: three days to
object, a substantial check by document, two vouchers, five days to appeal, two people for one centre.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

OBJECTION_DAYS, APPEAL_DAYS, VOUCHERS, PRESENTED = 3, 5, 2, 2
"""The numbers in the rules of the machine."""

BEGINNINGS = ("found", "apply", "present", "reapply")
"""Acts with which somebody asks to join, or is there from the beginning."""


@dataclass(frozen=True)
class Deed:
    """An act: what, by whom, about whom, on which day, and what an identity check showed."""

    what: str
    by: str
    who: str
    day: int
    shown: bool = False


@dataclass
class LiteralAdmission:
    """What is known of everybody: the deeds that got in."""

    officers: Sequence[str]
    correspondent: str
    deeds: list[Deed] = field(default_factory=list)

    def status(self, who: str) -> str:
        """Return where somebody stands."""
        status = "unknown"
        for deed in self._about(who):
            match deed.what:
                case "apply" | "present" | "reapply" | "reopen":
                    status = "applied"
                case "found" | "admit":
                    status = "active"
                case "refuse":
                    status = "refused"
                case "resign":
                    status = "resigned"
                case "end":
                    status = "ended"
        return status

    def allows(self, deed: Deed) -> bool:  # noqa: C901, PLR0911 - one branch per act
        """Tell whether a deed may follow."""
        status, latest = self.status(deed.who), self._latest(deed.who)
        if not self._has_key(deed.by):
            return False
        match deed.what:
            case "apply":
                return status == "unknown" and deed.by == deed.who
            case "present":
                presented = [each for each in self.deeds if each.what == "present"]
                place = len(presented) < PRESENTED
                registers = deed.by == self.correspondent and self._active(deed.by)
                return status == "unknown" and registers and place
            case "check":
                may = self._seated(deed.by) or self._presents(deed, latest)
                return status in ("applied", "active") and may and deed.by != deed.who
            case "vouch":
                vouched = [each.by for each in latest if each.what == "vouch"]
                return status == "applied" and self._active(deed.by) and deed.by not in vouched
            case "object":
                in_time = bool(latest) and deed.day <= latest[0].day + OBJECTION_DAYS
                return status == "applied" and self._active(deed.by) and in_time
            case "admit":
                return (
                    status == "applied" and self._seated(deed.by) and self._complete(deed, latest)
                )
            case "refuse":
                return status == "applied" and self._seated(deed.by)
            case "appeal" | "uphold" | "reopen":
                return status == "refused" and self._contest(deed, latest)
            case "resign":
                return status == "active" and deed.by == deed.who
            case "end":
                return status == "active" and self._seated(deed.by)
            case _:
                gone = status in ("refused", "resigned", "ended")
                return gone and deed.by == deed.who

    def _about(self, who: str) -> list[Deed]:
        return [deed for deed in self.deeds if deed.who == who]

    def _latest(self, who: str) -> list[Deed]:
        """Return what was done since somebody last asked to join."""
        latest: list[Deed] = []
        for deed in self._about(who):
            latest = [deed] if deed.what in BEGINNINGS else [*latest, deed]
        return latest

    def _active(self, who: str) -> bool:
        return self.status(who) == "active"

    def _has_key(self, who: str) -> bool:
        """Whoever was presented has no key, and signs nothing."""
        return all(deed.what != "present" for deed in self._about(who))

    def _seated(self, who: str) -> bool:
        """Whoever ever left has lost the seat for good."""
        left = any(deed.what in ("resign", "end") for deed in self._about(who))
        return who in self.officers and not left

    def _presents(self, deed: Deed, latest: Sequence[Deed]) -> bool:
        presented = bool(latest) and latest[0].what == "present"
        return presented and deed.by == self.correspondent and self._active(deed.by)

    def _complete(self, deed: Deed, latest: Sequence[Deed]) -> bool:
        checked = any(each.what == "check" and each.shown for each in latest)
        vouched = [each for each in latest if each.what == "vouch" and self._active(each.by)]
        waited = deed.day > latest[0].day + OBJECTION_DAYS
        return waited and checked and len(vouched) >= VOUCHERS

    def _contest(self, deed: Deed, latest: Sequence[Deed]) -> bool:
        refusals = [each for each in latest if each.what == "refuse"]
        # Two refusals of one day by one officer are alike: the last of them counts.
        after = latest[max(n for n, each in enumerate(latest) if each.what == "refuse") + 1 :]
        told = [each.what for each in after if each.what in ("appeal", "uphold")]
        if deed.what == "appeal":
            in_time = deed.day <= refusals[-1].day + APPEAL_DAYS
            return deed.by == deed.who and not told and in_time
        refusers = {each.by for each in refusals}
        others = [each for each in self.officers if self._seated(each) and each not in refusers]
        fit = self._seated(deed.by) and (deed.by not in refusers or not others)
        return told == ["appeal"] and fit
