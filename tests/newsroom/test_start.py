"""What a command or worker loads when it starts."""

import json
import subprocess
import sys

_LOADED = """
import json, sys, django
django.setup()
from wagtail.models.reference_index import ReferenceIndex
print(json.dumps([sorted(sys.modules), sorted(model.__name__ for model in ReferenceIndex.indexed_models)]))
"""


def loaded() -> tuple[set[str], set[str]]:
    """Modules, and models whose references are kept, in a process that has just started."""
    done = subprocess.run([sys.executable, "-c", _LOADED], check=True, capture_output=True, text=True)
    modules, models = json.loads(done.stdout)
    return set(modules), set(models)


def test_nothing_of_a_rest_interface_and_of_the_admins_screens_is_loaded() -> None:
    modules, _ = loaded()
    assert "hectograph.newsroom.wiring" in modules
    assert not modules & {"ninja", "rest_framework", "wagtail.api.v3.api", "hectograph.newsroom.wagtail_hooks"}


def test_what_a_byline_shows_is_kept_where_the_admin_is_not_loaded() -> None:
    _, models = loaded()
    assert {"Byline", "Story", "Photo", "PdfDocument"} <= models
