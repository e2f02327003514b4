"""What endpoints ask for: who calls, the service, and the moment.

Dependencies are coroutines though they wait for nothing: FastAPI hands plain functions to a thread, which takes longer
than they do.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from server.errors import NotAllowed, Refused
from server.service import Service
from server.staff.roles import Caller, Permission, who_may


def service_of(request: Request) -> Service:
    """The process's service."""
    service: Service = request.app.state.service
    return service


async def _service(request: Request) -> Service:
    return service_of(request)


async def _now(request: Request) -> datetime:
    """The moment of the request, by the service's clock."""
    return service_of(request).clock()


async def caller_of(request: Request) -> Caller:
    """Who calls; the middleware has found out (server/web/callers.py).

    Raises:
        NotSignedIn: Nobody that we know.
        CsrfValueMissing: A change by cookie that another site may have sent.
    """
    caller: Caller | Refused = request.state.caller
    if isinstance(caller, Refused):
        raise caller
    return caller


@dataclass(frozen=True, slots=True)
class Allowed:
    """A dependency that lets through only who has this permission, and says who else could help."""

    permission: Permission

    async def __call__(self, caller: Annotated[Caller, Depends(caller_of)]) -> Caller:
        """The caller, who may."""
        return self.check(caller)

    def check(self, caller: Caller) -> Caller:
        """The caller, who may.

        Raises:
            NotAllowed: They may not.
        """
        if not caller.may(self.permission):
            words = f"this needs the permission {self.permission}; {who_may(self.permission)} has it"
            raise NotAllowed(words, permission=str(self.permission))
        return caller


def allowed(permission: Permission) -> Allowed:
    """`Depends(allowed(Permission.APPROVE))` is how every endpoint declares who may."""
    return Allowed(permission)


ServiceDep = Annotated[Service, Depends(_service)]
NowDep = Annotated[datetime, Depends(_now)]
