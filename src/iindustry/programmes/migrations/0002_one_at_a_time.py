"""No two editions of a document hold at one moment; an edition never changes but for the end of its known range."""

from typing import ClassVar

from django.db import migrations

EXCLUSION = """
ALTER TABLE programmes_edition ADD CONSTRAINT edition_one_at_a_time EXCLUDE USING gist
  (int8range(document_id, document_id, '[]') WITH &&, valid WITH &&, known WITH &&)
"""
NO_EXCLUSION = "ALTER TABLE programmes_edition DROP CONSTRAINT edition_one_at_a_time"

TRIGGER = """
CREATE FUNCTION programmes_edition_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND upper_inf(OLD.known) AND lower(NEW.known) IS NOT DISTINCT FROM lower(OLD.known)
     AND ROW(NEW.id, NEW.document_id, NEW.version, NEW.text, NEW.valid, NEW.draft_id, NEW.number)
         IS NOT DISTINCT FROM ROW(OLD.id, OLD.document_id, OLD.version, OLD.text, OLD.valid, OLD.draft_id, OLD.number)
  THEN RETURN NEW;
  END IF;
  RAISE EXCEPTION 'kept for ever: % of an edition is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER programmes_edition_is_kept BEFORE UPDATE OR DELETE ON programmes_edition
  FOR EACH ROW EXECUTE FUNCTION programmes_edition_kept();
"""
NO_TRIGGER = """
DROP TRIGGER programmes_edition_is_kept ON programmes_edition;
DROP FUNCTION programmes_edition_kept();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("programmes", "0001_initial")]

    operations: ClassVar = [migrations.RunSQL(EXCLUSION, NO_EXCLUSION), migrations.RunSQL(TRIGGER, NO_TRIGGER)]
