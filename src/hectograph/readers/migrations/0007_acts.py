from django.db import migrations, models

_SQLITE = """CREATE TRIGGER readers_act_{verb} BEFORE {verb} ON readers_act
BEGIN SELECT RAISE(ABORT, 'what operators did is only ever added to'); END"""
_POSTGRESQL = """CREATE FUNCTION readers_act_stays() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'what operators did is only ever added to'; END $$;
CREATE TRIGGER readers_act_stays BEFORE UPDATE OR DELETE ON readers_act
FOR EACH ROW EXECUTE FUNCTION readers_act_stays()"""


def refuse_changes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_POSTGRESQL)
        return
    for verb in ("UPDATE", "DELETE"):
        schema_editor.execute(_SQLITE.format(verb=verb))


def allow_changes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION readers_act_stays() CASCADE")
        return
    for verb in ("UPDATE", "DELETE"):
        schema_editor.execute(f"DROP TRIGGER readers_act_{verb}")


class Migration(migrations.Migration):

    dependencies = [
        ('readers', '0006_consent_texts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Act',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('person', models.CharField(max_length=80)),
                ('kind', models.CharField(choices=[('shown', 'Shown'), ('erased', 'Erased'), ('exported', 'Exported')], max_length=10)),
                ('reader', models.CharField(blank=True, max_length=8)),
                ('reason', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.RunPython(refuse_changes, allow_changes),
    ]
