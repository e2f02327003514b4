"""What the endpoints of policies ask for."""

from typing import Annotated

from fastapi import Depends, Path, Request

from server.policies.held import HeldPolicies
from server.policies.local_endpoints import policies_of
from server.staff.roles import Caller, Permission
from server.web.dependencies import allowed


async def _policies(request: Request) -> HeldPolicies:
    return policies_of(request)  # awaited, or FastAPI would ask a thread for it


Reader = Annotated[Caller, Depends(allowed(Permission.READ_POLICIES))]
Manager = Annotated[Caller, Depends(allowed(Permission.MANAGE_POLICIES))]
PoliciesDep = Annotated[HeldPolicies, Depends(_policies)]
DocumentPath = Annotated[str, Path(max_length=200)]
