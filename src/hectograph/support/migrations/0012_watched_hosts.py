from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('support', '0011_attempts_left'),
    ]

    operations = [
        # Without a default the column is added in place: a table made anew would lose its triggers (SQLite).
        migrations.AddField(
            model_name='policyrow',
            name='watched',
            field=models.JSONField(null=True),
        ),
    ]
