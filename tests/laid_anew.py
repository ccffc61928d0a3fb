"""The ground that migrations lay (languages, roots of pages, roles), laid anew once a test that commits emptied the
tables. A file stays with one worker in the order of files: who leans on the ground may follow who took it away."""

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection


class _Ground:
    rows = ""
    gone = False


def remember() -> None:
    """Keep what stands in the tables of a new database."""
    _Ground.rows = connection.creation.serialize_db_to_string()


def taken_away() -> None:
    """A test that commits is over: its tables were flushed."""
    _Ground.gone = True


def lay() -> None:
    """Put back what stood at first, if it was taken away. Outside any transaction."""
    if _Ground.gone:
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
        connection.creation.deserialize_db_from_string(_Ground.rows)
        _count_on()
        ContentType.objects.clear_cache()
        _Ground.gone = False


def _count_on() -> None:
    """PostgreSQL counts keys apart from the rows: it has to go on after those that were put back."""
    with connection.cursor() as cursor:
        for words in connection.ops.sequence_reset_sql(no_style(), apps.get_models(include_auto_created=True)):
            cursor.execute(words)
