"""Accounts of staff, for the command line. A name is the person's own choice; nothing else is asked."""

from __future__ import annotations

import secrets

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from hectograph.errors import Problem
from hectograph.newsroom.access import sessions, throttling
from hectograph.newsroom.access.roles import ROLES
from hectograph.newsroom.staff import Staff


def list_staff() -> list[tuple[str, str, bool]]:
    """Name, role and whether a second factor is set up, of every account."""
    found = []
    for staff in Staff.objects.filter(is_active=True).order_by("username").prefetch_related("groups"):
        role = next((group.name for group in staff.groups.all()), "none")
        found.append((staff.username, role, Authenticator.objects.filter(user=staff).exists()))
    return found


def create_staff(name: str, password: str, *, role: str) -> Staff:
    """A new account in `role`; a Problem where the name is taken or the password too weak."""
    if role not in ROLES:
        raise Problem(f"There is no role “{role}”.", f"Roles are: {', '.join(ROLES)}.")
    staff = Staff(username=name.strip(), is_superuser=role == "operator")
    if Staff.objects.filter(username__iexact=staff.username).exists():  # the door knows no upper and lower case
        raise Problem(f"There is already an account “{staff.username}”.", "Choose another name.")
    try:
        staff.full_clean(exclude=["password"])
        validate_password(password, staff)
    except ValidationError as error:
        raise Problem(" ".join(error.messages)) from error
    staff.set_password(password)
    with transaction.atomic():
        staff.save()
        staff.groups.set(Group.objects.filter(name=role))
    return staff


def reset_staff(name: str) -> str:
    """Give the account a password for one sign-in, drop its second factors and end its sessions. Returns the password.

    The next sign-in asks for a password of the person's own, and in production for a new second factor.
    """
    staff = Staff.objects.filter(username__iexact=name.strip()).first()
    if staff is None:
        raise Problem("There is no account of that name.", "`hecto staff list` shows them.")
    password = secrets.token_urlsafe(15)
    with transaction.atomic():
        staff.set_password(password)
        staff.one_time_password = True
        staff.save()
        Authenticator.objects.filter(user=staff).delete()
        sessions.end_all(staff)
        throttling.forgive(staff.username)
    return password
