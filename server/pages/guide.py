"""The guide through the demo: what stands around its pages while somebody is led through them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request

from server.staff.roles import Caller, Permission, Role

GUIDE_COOKIE = "deskside_guide"
"""Which step stands open, and whether the guide is closed ("4-closed"); it ends with the browser's session."""

GUIDED_BY = Role.SUPERVISOR
"""Who may take every step."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step: where it leads (names in the texts, with addresses), what it can have done, and what it needs."""

    name: str
    links: Mapping[str, str]
    acts: Sequence[str] = ()
    needs: Permission = Permission.READ_CASES


STEPS = (
    Step("morning", {"queue": "/inbox", "no_reply": "/demo/cases/no_reply"}),
    Step("tent", {"tent": "/demo/cases/tent", "unknown": "/demo/cases/unknown"}),
    Step("hacked", {"hacked": "/demo/cases/hacked"}),
    Step("change", {"hacked": "/demo/cases/hacked"}, needs=Permission.APPROVE),
    Step("meanwhile", {"writer": "/demo/cases/writer"}, ("again", "deletes")),
    Step("unplug", {"tent": "/demo/cases/tent"}, ("shop", "model", "asks")),
    Step("outage", {"incidents": "/inbox/incidents"}, ("outage", "incident"), Permission.MANAGE_INCIDENTS),
    Step(
        "refund",
        {"refund": "/demo/cases/refund", "search": "/transcripts?q=refund"},
        needs=Permission.READ_TRANSCRIPTS,
    ),
)


@dataclass(frozen=True, slots=True)
class Guide:
    """Where somebody stands in the guide. `model` is None where there is none to unplug.

    `begins`: they have not been led anywhere yet, so that what there is to do stands open.
    """

    viewer: Caller
    step: int
    closed: bool
    shop: bool
    model: bool | None
    begins: bool = False
    steps: Sequence[Step] = STEPS

    def may(self, step: Step) -> bool:
        """Whether the viewer's role lets them take it."""
        return self.viewer.may(step.needs)

    @property
    def others(self) -> Sequence[int]:
        """The numbers of the steps that they may not take, so that they know before they come to one."""
        return [number for number, step in enumerate(self.steps, 1) if not self.may(step)]


def guide_of(request: Request, viewer: Caller | None) -> Guide | None:
    """The guide as this browser has left it; none but in the demo."""
    far_side = getattr(request.app.state, "far_side", None)
    if far_side is None or viewer is None:
        return None
    left = request.cookies.get(GUIDE_COOKIE)
    step, _, closed = (left or "").partition("-")
    at = int(step) if step.isdecimal() and 1 <= int(step) <= len(STEPS) else 1
    plugs = far_side.plugs
    model = plugs.model if request.app.state.service.model is not None else None
    return Guide(viewer, at, closed == "closed", plugs.shop, model, begins=left is None)
