"""Appeals in the admin: the list, writing one, and looking at it as a reader would, with the reason where it is not
shown."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from hectograph.newsroom.editing.appeal_form import AppealForm
from hectograph.newsroom.flows import appeal_preview
from hectograph.support.appeal import Appeal

_RIGHT = permission_required("support.change_appeal", raise_exception=True)


@_RIGHT
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All appeals, the newest first, and how each stands now."""
    now = timezone.now()
    rows = [(row, _standing(row)) for row in Appeal.objects.order_by("-starts")]
    return render(request, "newsroom/appeals/index.html", {"rows": rows, "now": now})


def _standing(row: Appeal) -> str:
    now = timezone.now()
    return _("to come") if now < row.starts else _("running") if now < row.ends else _("ended")


@_RIGHT
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Change one, or add one."""
    row = get_object_or_404(Appeal, slug=slug) if slug else None
    form = AppealForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        kept = form.keep()
        said = _("%(name)s is kept. Readers see it within a minute of its beginning.")
        messages.success(request, said % {"name": kept.slug})
        return redirect("newsroom_appeal_preview", kept.slug)
    title = _("Appeal: %(name)s") % {"name": row.slug} if row else _("A new appeal")
    return render(request, "newsroom/appeals/edit.html", {"form": form, "title": title, "row": row})


@permission_required("support.delete_appeal", raise_exception=True)
@require_POST
def drop(request: HttpRequest, slug: str) -> HttpResponse:
    """Take it away. What it brought stays in the books."""
    get_object_or_404(Appeal, slug=slug).delete()
    messages.success(request, _("%(name)s is gone.") % {"name": slug})
    return redirect("newsroom_appeals")


@_RIGHT
@require_GET
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The appeal on real pages, and whether and why not readers see it there."""
    row = get_object_or_404(Appeal, slug=slug)
    pages = appeal_preview.pages(row, timezone.now())
    wanted = request.GET.get("page", "")
    shown = wanted if any(page.path == wanted for page in pages) else next((page.path for page in pages), "")
    values = {"row": row, "pages": pages, "shown": shown, "standing": _standing(row)}
    return render(request, "newsroom/appeals/preview.html", values)


@_RIGHT
@require_GET
@xframe_options_sameorigin
def on_site(request: HttpRequest, slug: str, where: str) -> HttpResponse:
    """A file of the site as it would be while the appeal runs: for the frame of the preview."""
    found = appeal_preview.file(get_object_or_404(Appeal, slug=slug), where, timezone.now())
    if found is None:
        raise Http404
    return HttpResponse(
        found.data,
        content_type=found.kind,
        headers={"Content-Security-Policy": found.policy, "Cache-Control": "no-store"},
    )


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    one = "newsroom/appeals/<slug:slug>/"
    return [
        path("newsroom/appeals/", index, name="newsroom_appeals"),
        path("newsroom/appeals/add/", edit, name="newsroom_appeal_new"),
        path(one, edit, name="newsroom_appeal"),
        path(f"{one}drop/", drop, name="newsroom_appeal_drop"),
        path(f"{one}preview/", preview, name="newsroom_appeal_preview"),
        path(f"{one}site/<path:where>", on_site, name="newsroom_appeal_site"),
    ]


class AppealsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("support.change_appeal")


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    return AppealsItem(
        gettext_lazy("Appeals"), reverse_lazy("newsroom_appeals"), name="appeals", icon_name="pick", order=345
    )
