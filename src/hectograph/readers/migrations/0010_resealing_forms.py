"""Rows move to another form of envelopes, too: where they stand is told by what an envelope begins with. What was noted of
keys before was of version 1, to which nothing moves any more."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('readers', '0009_marks'),
    ]

    operations = [
        migrations.RenameField(
            model_name='resealing',
            old_name='key',
            new_name='head',
        ),
        migrations.AlterField(
            model_name='resealing',
            name='head',
            field=models.CharField(max_length=22, unique=True),
        ),
    ]
