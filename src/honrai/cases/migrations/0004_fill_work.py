"""Gives tasks that were there already what their lists need."""

from django.db import migrations

FILL = """
DO $$ DECLARE one bigint; BEGIN
    FOR one IN SELECT id FROM cities_city LOOP
        PERFORM set_config('honrai.city', one::text, true);
        UPDATE cases_task t SET section = c.unit, procedure = c.procedure, urgent_on = t.due_on
            FROM cases_case c WHERE c.city_id = t.city_id AND c.id = t.case_id;
    END LOOP;
    PERFORM set_config('honrai.city', '', true);
END $$
"""


class Migration(migrations.Migration):
    """Fills the columns of lists."""

    dependencies = [("cases", "0003_work")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
