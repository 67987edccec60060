-- Up Migration
-- Names are compared in Unicode's form NFC, whatever form they were given in (docs/adr/0101-names.md). Search texts are of
-- the composed names from now on; those stored of other names are made anew. `modified` and version stay.

create or replace function duplicate_search_fmt(text) returns text
  language sql immutable
  as $$ select lower(public.unaccent(normalize($1, NFC))) $$;

update henkilo set etunimet = etunimet
 where etunimet is not nfc normalized or kutsumanimi is not nfc normalized or sukunimi is not nfc normalized;
