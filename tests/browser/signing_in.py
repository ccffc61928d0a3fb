"""Staff at the door of the admin, with a browser."""

from typing import Any


def sign_in(page: Any, address: str, name: str, password: str) -> None:
    """Sign in at the newsroom at `address`, as far as the admin's first page: known by its whole address, since that of
    the page which asks for the password ends with it, too."""
    give_password(page, address, name, password)
    page.wait_for_url(f"{address}/admin/")


def give_password(page: Any, address: str, name: str, password: str) -> None:
    """The same where something else may be asked for before the admin opens."""
    page.goto(f"{address}/admin/")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", password)
    page.get_by_role("button", name="Sign in", exact=True).click()
