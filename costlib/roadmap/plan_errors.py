"""What a plan can be refused for.

InputError
+-- PlanError          the plan cannot be read, or contradicts itself
    +-- NoBaseline     nothing says what would be spent without the plan
    +-- NoActuals      the target refers to actual spend that nobody handed in
"""

from __future__ import annotations

from costlib.errors import InputError


class PlanError(InputError):
    """The plan file cannot be used as written, or the plan contradicts itself.

    ``place`` names the field from the plan down, an initiative by its number in the file; empty where it is none.
    ``told`` is what is wrong there, without the place, for those who name it otherwise.
    """

    def __init__(
        self,
        problem: str,
        *,
        expected: str | None = None,
        fix: str | None = None,
        place: tuple[str | int, ...] = (),
        told: str | None = None,
    ) -> None:
        super().__init__(problem, expected=expected, fix=fix)
        self.place, self.told = place, problem if told is None else told


class NoBaseline(PlanError):
    """There is no forecast and no given spend for the plan to act on."""


class NoActuals(PlanError):
    """The target is measured against the last closed quarter, and its actual spend is unknown."""


class FieldRefusal(ValueError):
    """A value of a plan that a rule refuses, before it is known where in the file it stands.

    ``place`` names the field from the refused model down, with an initiative by its number in the file.
    """

    def __init__(self, problem: str, *, expected: str, fix: str, place: tuple[str | int, ...] = ()) -> None:
        super().__init__(problem)
        self.problem, self.expected, self.fix, self.place = problem, expected, fix, place
