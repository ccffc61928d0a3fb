"""The only place where signals connect and rooms are handed what they may not import.

A signal only queues: what follows from a change is the press's work, in the worker.
"""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.signals import authenticator_added
from django.apps import apps
from django.db.models.signals import post_delete, post_migrate, post_save, pre_save
from wagtail.models import Page, UploadedFile
from wagtail.signals import copy_for_translation_done, page_published, page_unpublished

from hectograph.newsroom.access import second_factor
from hectograph.newsroom.flows import letter_site, newsletters, outsider, scrubbing, watched_hosts
from hectograph.press.records import ListKind
from hectograph.readers import watched
from hectograph.stories import addresses, page_index, photo_store, preview, queue, twins, upload_forms
from hectograph.stories.feed.site import use_newsletters, use_previews
from hectograph.stories.queue import Kind


def connect() -> None:
    """Called once, when Django has loaded every room."""
    preview.use(outsider.preview)
    use_previews(letter_site.preview_path)
    use_newsletters(newsletters.offered)
    watched.use(watched_hosts.listed, watched_hosts.known, watched_hosts.exchangers)
    page_published.connect(_page_changed, dispatch_uid="press-published")
    page_unpublished.connect(_page_changed, dispatch_uid="press-unpublished")
    copy_for_translation_done.connect(twins.settle, dispatch_uid="stories-twins")
    post_delete.connect(_row_deleted, dispatch_uid="press-deleted")
    post_migrate.connect(
        page_index.ensure, sender=apps.get_app_config("stories"), dispatch_uid="stories-index-of-pages-that-end"
    )
    pre_save.connect(_row_about_to_be_saved, dispatch_uid="press-renamed")
    pre_save.connect(upload_forms.clean_waiting, sender=UploadedFile, dispatch_uid="stories-waiting")
    post_save.connect(_row_saved, dispatch_uid="press-saved")
    authenticator_added.connect(second_factor.made, dispatch_uid="access-factor-made")
    password_changed.connect(second_factor.password_chosen, dispatch_uid="access-password-chosen")


# Names of models whose every save shows on the site at once: they have no drafts.
_WITHOUT_DRAFTS = {
    "stories.Photo": (Kind.PHOTO, "pk"),
    "stories.PdfDocument": (Kind.DOCUMENT, "pk"),
    "stories.BylineName": (Kind.BYLINE, "byline_id"),
    "stories.Byline": (Kind.BYLINE, "pk"),
    "stories.Section": (Kind.SITE, "pk"),
    "stories.Topic": (Kind.TOPIC, "pk"),
    "stories.SiteRecord": (Kind.SITE, "pk"),
    "stories.SiteWords": (Kind.SITE, "site_id"),
    "stories.CurrencyOffer": (Kind.SITE, "site_id"),
    "readers.Newsletter": (Kind.SITE, "pk"),
    "readers.NewsletterWords": (Kind.SITE, "newsletter_id"),
    "stories.Removal": (Kind.REMOVAL, "pk"),
    "support.Appeal": (Kind.APPEAL, "pk"),
    "support.AppealText": (Kind.APPEAL, "appeal_id"),
    "support.AppealAmounts": (Kind.APPEAL, "appeal_id"),
}
_LISTS = {
    "stories.Byline": ListKind.BYLINE,
    "stories.Section": ListKind.SECTION,
    "stories.Topic": ListKind.TOPIC,
}
_PAGES = {"stories.Story": Kind.STORY, "stories.PlainPage": Kind.PLAIN, "stories.Home": Kind.HOME}


def _page_changed(sender: Any, instance: Any, **kwargs: Any) -> None:
    if kind := _PAGES.get(sender._meta.label):
        queue.put(kind, instance.pk)
        if kind is Kind.PLAIN and instance.role:  # every page links to it
            queue.put(Kind.SITE, 0)


def _row_saved(sender: Any, instance: Any, created: bool, raw: bool = False, **kwargs: Any) -> None:
    if raw or sender._meta.label not in _WITHOUT_DRAFTS:
        return
    kind, key = _WITHOUT_DRAFTS[sender._meta.label]
    if kind in (Kind.PHOTO, Kind.DOCUMENT) and created:  # nothing shows it yet
        return
    queue.put(kind, getattr(instance, key))


def _row_about_to_be_saved(sender: Any, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """A list that gets another slug: its old addresses lead on, and the whole site's links follow."""
    if raw or sender._meta.label not in _LISTS or not instance.pk:
        return
    before = sender.objects.filter(pk=instance.pk).values_list("slug", flat=True).first()
    if before and before != instance.slug:
        place = {"locale_id": instance.locale_id} if hasattr(instance, "locale_id") else {}
        same = sender.objects.filter(**place).values_list("pk", flat=True)
        addresses.note_new_slug(_LISTS[sender._meta.label], instance.pk, before, same_folder=same)
        queue.put(Kind.SITE, 0)


def _row_deleted(sender: Any, instance: Any, **kwargs: Any) -> None:
    label = sender._meta.label
    if label in _PAGES:
        queue.put(_PAGES[label], instance.pk)
        for twin in Page.objects.filter(translation_key=instance.translation_key).exclude(pk=instance.pk):
            queue.put(_PAGES[label], twin.pk)  # it leads there no more
    elif label in _WITHOUT_DRAFTS and label != "stories.Removal":
        kind, key = _WITHOUT_DRAFTS[label]
        queue.put(kind, getattr(instance, key))
    if label in _LISTS:
        for slug in (instance.slug, *addresses.forget_former(_LISTS[label], instance.pk)):
            scrubbing.remove_list(_LISTS[label], slug)
    if label == "stories.Photo":
        photo_store.drop_renditions(instance)
