from itertools import pairwise

from server.staff.roles import ONLY_PEOPLE, PERMISSIONS, Permission, Role, roles_with, who_may


def test_each_role_may_at_least_what_the_one_before_may():
    for less, more in pairwise(Role):
        assert PERMISSIONS[less] < PERMISSIONS[more]


def test_every_permission_is_somebodys_and_the_admins():
    assert PERMISSIONS[Role.ADMIN] == frozenset(Permission)
    assert all(roles_with(permission)[-1] is Role.ADMIN for permission in Permission)


def test_who_only_drafts_sends_nothing():
    sends = {
        Permission.APPROVE,
        Permission.APPROVE_SECOND,
        Permission.OVERRIDE_BLOCK,
        Permission.SETTLE_UNCERTAIN,
        Permission.WITHDRAW,
    }
    assert not PERMISSIONS[Role.DRAFTS_ONLY] & sends


def test_who_can_help_is_said_as_people_say_it():
    assert who_may(Permission.MANAGE_STAFF) == "an admin"
    assert who_may(Permission.PAUSE) == "a supervisor or an admin"
    assert who_may(Permission.STOP_SENDING) == "a rep, a social-media colleague, a supervisor or an admin"


def test_no_machine_approves():
    assert {Permission.APPROVE, Permission.APPROVE_SECOND, Permission.OVERRIDE_BLOCK} <= ONLY_PEOPLE
