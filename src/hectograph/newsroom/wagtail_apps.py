"""How Django knows some of Wagtail's apps here: without version 3 of their REST interface.

No address of ours serves that; to load it, with the two libraries behind it and every screen of the admin, would take
two fifths of the start of each command and worker.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from django.apps import AppConfig
from wagtail.documents.apps import WagtailDocsAppConfig
from wagtail.images.apps import WagtailImagesAppConfig
from wagtail.locales.apps import WagtailLocalesAppConfig
from wagtail.snippets.apps import WagtailSnippetsAppConfig


class _Unserved(ModuleType):
    """Stands where a module of the REST interface would: whatever is asked of it, it does nothing."""

    def __getattr__(self, name: str) -> Any:
        return self

    def __call__(self, *words: Any, **named: Any) -> None:
        return None


class _WithoutRest(AppConfig):
    def ready(self) -> None:
        own = f"{self.name}.api.v3"
        names = ("wagtail.api.v3.api", own, f"{own}.registry", f"{own}.router")
        loaded = {name: sys.modules[name] for name in names if name in sys.modules}
        sys.modules.update({name: _Unserved(name) for name in names if name not in loaded})
        try:
            super().ready()
        finally:
            for name in set(names) - loaded.keys():
                del sys.modules[name]


class DocumentsConfig(_WithoutRest, WagtailDocsAppConfig):
    pass


class ImagesConfig(_WithoutRest, WagtailImagesAppConfig):
    pass


class LocalesConfig(_WithoutRest, WagtailLocalesAppConfig):
    pass


class SnippetsConfig(_WithoutRest, WagtailSnippetsAppConfig):
    pass
