"""A ledger read aloud: what its entries say, in plain dictionaries and whole numbers.

The slow model beside the domain. It knows nothing of states and folds: every answer walks the entries from
the first, and takes the rules out of the JSON of the rulebook that was in force at the call.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

Fields = Mapping[str, Any]
"""An entry, an act or a rule, as its JSON has it."""

VOTES = ("ballot.cast", "urn.counted", "assembly.opened")
"""Acts that come after the record of notices, where the statutes ask for one."""

THERE = ("room", "remote")
"""Attendance of someone who is there."""


class LiteralReading:
    """The entries of one ledger, with what voters chose.

    Args:
        document: Returns the bytes of a document by its CID.
    """

    def __init__(self, document: Callable[[str], bytes]) -> None:
        self._document = document
        self.entries: list[Fields] = []
        self.votes: dict[int, tuple[str, str]] = {}
        self._rulebooks: dict[str, Fields] = {}

    def read(self, content: bytes) -> None:
        """Read the next entry."""
        self.entries.append(json.loads(content))

    def acts(
        self, name: str, *, since: int = 0, before: int | None = None
    ) -> Iterator[tuple[int, Fields]]:
        """Yield index and data of the entries of one act, in their order."""
        for index in range(since, len(self.entries) if before is None else before):
            if self.entries[index]["act"] == name:
                yield index, self.entries[index]["data"]

    def day(self, at: str) -> datetime:
        """Return the local day of an instant, as a moment without zone."""
        local = datetime.fromisoformat(at).astimezone(ZoneInfo("Europe/Paris"))
        return datetime(local.year, local.month, local.day)  # noqa: DTZ001 - a day, not a moment

    def rules(self, index: int) -> list[Fields]:
        """Return the rules that hold before an entry: those of the last rulebook, less the ended ones."""
        cid = ""
        for entry in self.entries[:index]:
            if entry["act"] in ("organisation.founded", "statutes.adopted"):
                cid = entry["data"]["statutes"]["rulebook"]
            if entry["act"] == "rules.changed":
                cid = entry["data"]["rulebook"]
        if cid not in self._rulebooks:
            self._rulebooks[cid] = json.loads(self._document(cid))
        rulebook = self._rulebooks[cid]
        ended = {each["rule"] for each in rulebook.get("abrogations", [])}
        added = [rule for each in rulebook.get("supplements", []) for rule in each["rules"]]
        return [rule for rule in (*rulebook["rules"], *added) if rule["id"] not in ended]

    def rule(
        self, index: int, topic: str, *, session: str = "", kind: str = "", round_: int = 0
    ) -> Fields | None:
        """Return the rule on a topic before an entry: the one that names most, session first."""
        asked = (("sessions", session), ("motions", kind))
        found = []
        for rule in self.rules(index):
            named = [
                (bool(rule.get(field)), value in rule.get(field, ())) for field, value in asked
            ]
            fits = all(hit for says, hit in named if says)
            if rule["topic"] == topic and fits and rule.get("round", round_) == round_:
                found.append(([says for says, _ in named], "round" in rule, rule))
        return max(found, key=lambda each: each[:2])[2] if found else None

    def voters(self, index: int) -> set[str]:
        """Return the members with a vote before an entry."""
        classes: dict[str, str] = {}
        active: set[str] = set()
        for entry in self.entries[:index]:
            data = entry["data"]
            match entry["act"]:
                case "organisation.founded":
                    classes.update(
                        {each["member"]: each["member_class"] for each in data["founders"]}
                    )
                    active.update(classes)
                case "member.applied":
                    applicant = data["applicant"]
                    classes[applicant["member"]] = applicant["member_class"]
                case "member.admitted":
                    active.add(data["member"])
                case "member.resigned" | "membership.ended":
                    active.discard(data["member"])
                case "members.merged":
                    active.discard(data["dropped"])
        voting = {
            rule["member_class"]: rule["modality"] != "must_not"
            for rule in self.rules(index)
            if rule["topic"] == "voting_right"
        }
        return {member for member in active if voting[classes[member]]}

    def bureau(self, index: int, *, seat: str | None = None) -> set[str]:
        """Return who holds a seat in the bureau before an entry; its first term outlasts every history."""
        seats = {each["mandate"]: each for each in self.entries[0]["data"]["mandates"]}
        for place, entry in enumerate(self.entries[:index]):
            data, gone = entry["data"], None
            match entry["act"]:
                case "mandate.resigned":
                    seats.pop(data["mandate"], None)
                case "member.resigned" | "membership.ended":
                    gone = data["member"]
                case "members.merged":
                    gone = data["dropped"]
                case "decision.made" if data["outcome"] == "adopted":
                    effect = self.motion(data["motion"], place)[1]["effect"]
                    if effect["type"] == "revocation":
                        seats.pop(effect["mandate"], None)
            seats = {name: each for name, each in seats.items() if each["holder"] != gone}
        return {each["holder"] for each in seats.values() if seat in (None, each["seat"])}

    def motion(self, motion: str, before: int) -> tuple[str, Fields]:
        """Return kind and latest content of a motion before an entry."""
        kind, content = "", {}
        for entry in self.entries[:before]:
            data = entry["data"]
            if entry["act"] in ("motion.proposed", "motion.amended") and data["motion"] == motion:
                kind, content = data.get("kind", kind), data
        return kind, content

    def call(self, assembly: str) -> tuple[int, Fields]:
        """Return index and call of an assembly."""
        return next(
            (index, data["call"])
            for index, data in self.acts("assembly.convened")
            if data["call"]["assembly"] == assembly
        )

    def call_for(self, motion: str, before: int) -> tuple[int, Fields]:
        """Return index and call of the last assembly, before an entry, with a motion on its agenda."""
        return max(
            (
                (index, data["call"])
                for index, data in self.acts("assembly.convened", before=before)
                if motion in data["call"]["motions"]
            ),
            key=lambda each: each[0],
        )

    def electors(self, called: int, call: Fields) -> set[str]:
        """Return who may vote in a session called at an entry."""
        session = next(
            rule
            for rule in self.rules(called)
            if rule["topic"] == "session" and rule["session"] == call["session"]
        )
        return self.bureau(called) if "body" in session else self.voters(called)

    def opening(self, assembly: str, before: int) -> tuple[int, Fields] | None:
        """Return index and numbers of the opening of an assembly, if it opened."""
        for index, data in self.acts("assembly.opened", before=before):
            if data["assembly"] == assembly:
                return index, data
        return None

    def noticed(self, assembly: str, before: int) -> bool:
        """Tell whether notices are recorded, one for each elector, each in time."""
        called, call = self.call(assembly)
        for index, data in self.acts("notice.recorded", since=called, before=before):
            if data["assembly"] != assembly:
                continue
            notices = json.loads(self._document(data["notices"]))["notices"]
            told = [each["member"] for each in notices]
            in_time = all(
                (self.day(call["opens_at"]) - self.day(each["sent_at"])).days
                >= self.notice_days(called, call)
                and self.entries[called]["at"] <= each["sent_at"] <= self.entries[index]["at"]
                for each in notices
            )
            return in_time and sorted(told) == sorted(self.electors(called, call))
        return False

    def notice_days(self, called: int, call: Fields) -> int:
        """Return the days of notice that a call needs."""
        topic, field = (
            ("second_convocation", "notice_days") if "previous" in call else ("notice", "days")
        )
        rule = self.rule(called, topic, session=call["session"])
        assert rule is not None
        return int(rule[field])

    def there(self, assembly: str, before: int) -> tuple[set[str], dict[str, str]]:
        """Return the electors who are there before an entry, and the absent ones with who stands for them."""
        called, call = self.call(assembly)
        electors, attendance, given = self.electors(called, call), {}, {}
        for entry in self.entries[:before]:
            data = entry["data"]
            match entry["act"]:
                case "presence.recorded" if data["assembly"] == assembly:
                    attendance[data["member"]] = data["presence"]
                case "proxy.given" if data["assembly"] == assembly:
                    given[data["proxy"]] = (entry["by"], data["holder"])
                case "proxy.revoked":
                    given.pop(data["proxy"], None)
        here = {member for member, how in attendance.items() if how in THERE}
        absent = {grantor: holder for grantor, holder in given.values() if grantor not in here}
        return here & electors, {each: holder for each, holder in absent.items() if holder in here}
