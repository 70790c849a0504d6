"""What a line says it may pay is what was decided, and who released a file is not who made it: held by references."""

from django.db import migrations

FORWARD = """
ALTER TABLE payments_payable ADD CONSTRAINT payable_with_its_amount UNIQUE (city_id, id, amount);
ALTER TABLE payments_orderline ADD CONSTRAINT line_of_what_was_decided FOREIGN KEY (city_id, payable_id, decided)
    REFERENCES payments_payable (city_id, id, amount);
ALTER TABLE payments_paymentfile ADD CONSTRAINT file_with_its_maker UNIQUE (city_id, id, made_by);
ALTER TABLE payments_filerelease ADD CONSTRAINT release_of_who_made_it FOREIGN KEY (city_id, made_id, made_by)
    REFERENCES payments_paymentfile (city_id, id, made_by);
"""
BACK = """
ALTER TABLE payments_orderline DROP CONSTRAINT line_of_what_was_decided;
ALTER TABLE payments_payable DROP CONSTRAINT payable_with_its_amount;
ALTER TABLE payments_filerelease DROP CONSTRAINT release_of_who_made_it;
ALTER TABLE payments_paymentfile DROP CONSTRAINT file_with_its_maker;
"""


class Migration(migrations.Migration):
    """Adds the two references Django cannot say."""

    dependencies = [("payments", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
