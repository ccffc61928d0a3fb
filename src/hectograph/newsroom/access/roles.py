"""Four roles, each a group: reporter, editor, publisher, operator. And one approval step before a reporter's story."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

ROLES = ("reporter", "editor", "publisher", "operator")

_PAGE_RIGHTS = {
    "reporter": ("add_page",),
    "editor": ("add_page", "change_page", "publish_page", "unlock_page"),
    "publisher": ("add_page", "change_page", "publish_page", "bulk_delete_page", "lock_page", "unlock_page"),
    "operator": ("add_page", "change_page", "publish_page", "bulk_delete_page", "lock_page", "unlock_page"),
}
# Wagtail asks for the rights of its own models, whichever stand in for them (Photo, PdfDocument).
_LIBRARY_RIGHTS = {
    "reporter": ("add_image", "choose_image", "choose_document"),
    "editor": ("add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document"),
}
_WORDS = ("byline", "section", "topic")
_LISTED = (*_WORDS, "appeal")
_TRANSLATES = {"submit_translation"}  # of a story or a section: makes its twin
_EDITORS = {f"{verb}_{model}" for verb in ("add", "change", "view") for model in (*_LISTED, "edition")} | _TRANSLATES
_MONEY = {"view_ledgertxn", "add_refund"}  # the books, and giving back
_PUBLISHERS = _EDITORS | {f"delete_{model}" for model in _LISTED} | {"change_siterecord", "view_siterecord"} | _MONEY
_OPERATORS = (
    _PUBLISHERS | {f"{verb}_staff" for verb in ("add", "change", "delete", "view")} | {"add_locale", "change_locale"}
)
_MODEL_RIGHTS = {
    "reporter": {f"view_{model}" for model in _WORDS} | _TRANSLATES,
    "editor": _EDITORS,
    "publisher": _PUBLISHERS,
    "operator": _OPERATORS,
}


def make_roles() -> None:
    """Make the groups, their rights and the workflow; what is there already stays."""
    groups = {role: Group.objects.get_or_create(name=role)[0] for role in ROLES}
    root, library = Page.objects.get(depth=1), Collection.objects.get(depth=1)
    for role, group in groups.items():
        _give_models(group, role)
        _give_pages(group, root, _PAGE_RIGHTS[role])
        _give_library(group, library, _LIBRARY_RIGHTS.get(role, _LIBRARY_RIGHTS["editor"]))
    _make_workflow([groups["editor"], groups["publisher"]], root)
    Group.objects.filter(name__in=["Editors", "Moderators"], user=None).delete()  # Wagtail's own, unused


def _permissions(codenames: set[str] | tuple[str, ...]) -> list[Permission]:
    return list(Permission.objects.filter(codename__in=codenames))


def _give_models(group: Group, role: str) -> None:
    group.permissions.add(*_permissions(_MODEL_RIGHTS[role] | {"access_admin"}))


def _give_pages(group: Group, root: Page, rights: tuple[str, ...]) -> None:
    for permission in Permission.objects.filter(codename__in=rights, content_type__app_label="wagtailcore"):
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)


def _give_library(group: Group, library: Collection, rights: tuple[str, ...]) -> None:
    for permission in _permissions(rights):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=library, permission=permission)


def _make_workflow(approvers: list[Group], root: Page) -> None:
    """One step: any editor or publisher says yes."""
    Workflow.objects.filter(name="Moderators approval").delete()
    task, _ = GroupApprovalTask.objects.get_or_create(name="Editor's approval")
    task.groups.set(approvers)
    workflow, _ = Workflow.objects.get_or_create(name="Editor's approval")
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    WorkflowPage.objects.update_or_create(page=root, defaults={"workflow": workflow})
