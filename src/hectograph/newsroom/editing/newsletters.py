"""The admin's page of one newsletter: what it is called, what it promises, whether the form offers it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from wagtail import hooks

from hectograph.readers.newsletter import Newsletter, NewsletterWords


class NewsletterForm(forms.ModelForm):
    """The row itself, and a name and a promise in each language of the site."""

    class Meta:
        model = Newsletter
        fields = ("slug", "order", "offered")
        labels = {"slug": "Short name, in links", "offered": "Offer it in the form", "order": "Place in the form"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {row.language: row for row in self.instance.words.all()} if self.instance.pk else {}
        if self.instance.pk:
            self.fields["slug"].disabled = True  # readers agreed to it by this name
        for code, language in settings.LANGUAGES:
            row = words.get(code)
            self.fields[f"name_{code}"] = forms.CharField(
                label=f"Name ({language})", max_length=80, required=False, initial=row.name if row else ""
            )
            self.fields[f"promise_{code}"] = forms.CharField(
                label=f"What it is and how often ({language})",
                max_length=200,
                required=False,
                initial=row.promise if row else "",
            )

    @transaction.atomic
    def keep(self) -> Newsletter:
        """Store the row and its words."""
        row: Newsletter = self.save()
        for code, _ in settings.LANGUAGES:
            words = {"name": self.cleaned_data[f"name_{code}"], "promise": self.cleaned_data[f"promise_{code}"]}
            NewsletterWords.objects.update_or_create(newsletter=row, language=code, defaults=words)
        return row


@permission_required("stories.change_siterecord", raise_exception=True)
def newsletter(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Change one, or add one."""
    row = get_object_or_404(Newsletter, slug=slug) if slug else None
    form = NewsletterForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        kept = form.keep()
        words = "The site is being rebuilt. Desks show it after `hecto desk --configure`."
        messages.success(request, f"{kept.slug} is kept. {words}")
        return redirect("newsroom_readers")
    title = f"Newsletter: {row.slug}" if row else "Add a newsletter"
    return render(request, "newsroom/newsletter.html", {"form": form, "title": title})


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    return [
        path("newsroom/readers/newsletters/add/", newsletter, name="newsroom_newsletter_new"),
        path("newsroom/readers/newsletters/<slug:slug>/", newsletter, name="newsroom_newsletter"),
    ]
