"""What holds for one person, spell or unit at a time never overlaps: PostgreSQL refuses it.

An exclusion constraint compares ranges; the id is turned into a range of one number, because comparing ids themselves
would need an extension.
"""

from django.db import migrations

RULES = {
    "spell_no_overlap": ("people_employmentspell", "person_id", "daterange(hired_on, ended_on, '[]')"),
    "assignment_no_overlap": ("people_assignment", "spell_id", "daterange(valid_from, valid_to, '[]')"),
    "head_no_overlap": ("people_unitmanager", "unit_id", "daterange(valid_from, valid_to, '[]')"),
    "address_no_overlap": (
        "people_deliveryaddress",
        "person_id",
        "tstzrange(valid_from, valid_to, '[)') WITH &&, "
        "int4range(hashtext(kind::text) >> 1, (hashtext(kind::text) >> 1) + 1)",
    ),
}


def add(name, table, owner, days):
    number = f"(uuid_hash_extended({owner}, 0) >> 1)"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist "
        f"(int8range({number}, {number} + 1) WITH &&, {days} WITH &&)",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [add(name, *rule) for name, rule in RULES.items()]
