-- Up Migration
-- Whose search text for duplicates is new or has changed: each process of the service keeps the trigrams of these texts in
-- memory (docs/adr/0060-duplicate-search.md) and reads here what has happened since it looked last. A trigger, so that it
-- is also true of rows that others write: the reference beside the service, an operator. Rows are kept for two days.

create table onr_hakuteksti_muutos (
  id bigint generated always as identity constraint onr_hakuteksti_muutos_pkey primary key,
  tapahtuma xid8 not null default pg_current_xact_id(),
  henkilo_id bigint not null,
  aika timestamptz not null default clock_timestamp()
);
create index onr_hakuteksti_muutos_tapahtuma_idx on onr_hakuteksti_muutos (tapahtuma);
comment on table onr_hakuteksti_muutos is 'Henkilöt, joiden duplikaattihaun teksti on uusi tai muuttunut; taulun henkilo herätin kirjaa, vanhat rivit poistetaan';
comment on column onr_hakuteksti_muutos.tapahtuma is 'Muutoksen tehnyt transaktio';
comment on column onr_hakuteksti_muutos.henkilo_id is 'Taulun henkilo rivi; rivi on voitu poistaa';
comment on column onr_hakuteksti_muutos.aika is 'Kirjaamisen hetki';

create function onr_hakuteksti_muuttui() returns trigger language plpgsql as $$
begin
  insert into onr_hakuteksti_muutos (henkilo_id) values (new.id);
  return null;
end $$;
create trigger onr_henkilo_hakuteksti_insert after insert on henkilo
  for each row execute function onr_hakuteksti_muuttui();
create trigger onr_henkilo_hakuteksti_update after update on henkilo
  for each row when (old.duplicate_search_str is distinct from new.duplicate_search_str or old.id <> new.id)
  execute function onr_hakuteksti_muuttui();
