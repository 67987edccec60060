-- Up Migration
-- The memory of the search texts knows in what order surnames and calling names come (docs/adr/0125-duplicate-search-by-parts.md). These may
-- change while the search text stays: capital letters, accents, a word that moves from one name to the other.

create or replace function onr_henkilo_muuttui() returns trigger language plpgsql as $$
declare
  teksti_muuttui boolean;
  onnistui boolean;
  onnistuu boolean;
  vanha_tila text;
  uusi_tila text;
begin
  begin
    teksti_muuttui := old.duplicate_search_str is distinct from new.duplicate_search_str or old.id <> new.id
      or old.sukunimi is distinct from new.sukunimi or old.kutsumanimi is distinct from new.kutsumanimi;
    onnistui := old.passivoitu or old.duplicate or old.yksiloity or old.yksiloityvtj;
    onnistuu := new.passivoitu or new.duplicate or new.yksiloity or new.yksiloityvtj;
    vanha_tila := case when onnistui or old.yksiloityeidas then null when old.hetu is null or old.yksilointi_yritetty then 'virheet' else 'keskeneraiset' end;
    uusi_tila := case when onnistuu or new.yksiloityeidas then null when new.hetu is null or new.yksilointi_yritetty then 'virheet' else 'keskeneraiset' end;
  exception when datatype_mismatch or undefined_column then
    teksti_muuttui := old.id <> new.id or exists (
      select from unnest(array['duplicate_search_str', 'sukunimi', 'kutsumanimi']) n
       where to_jsonb(old) -> n is distinct from to_jsonb(new) -> n);
    onnistui := public.onr_onnistunut(to_jsonb(old));
    onnistuu := public.onr_onnistunut(to_jsonb(new));
    vanha_tila := public.onr_yksilointitila(to_jsonb(old));
    uusi_tila := public.onr_yksilointitila(to_jsonb(new));
  end;
  if teksti_muuttui then
    insert into public.onr_hakuteksti_muutos (henkilo_id) values (new.id);
  end if;
  if onnistui <> onnistuu then
    insert into public.onr_laskuri (nimi, kohde, maara)
      select 'onnistuneet', tuonti_id, case when onnistuu then count(*) else -count(*) end
        from public.tuonti_rivi where henkilo_id = new.id group by tuonti_id;
  end if;
  if vanha_tila is distinct from uusi_tila then
    insert into public.onr_laskuri (nimi, kohde, maara)
      select tila, 0, maara from public.onr_tuotu_henkilo, (values (vanha_tila, -1), (uusi_tila, 1)) m (tila, maara)
       where henkilo_id = new.id and tila is not null;
    update public.onr_tuotu_organisaatio set tila = uusi_tila where henkilo_id = new.id;
  end if;
  return null;
end $$;
comment on table onr_hakuteksti_muutos is 'Henkilöt, joiden duplikaattihaun teksti, sukunimi tai kutsumanimi on uusi tai muuttunut; taulun henkilo herätin kirjaa, vanhat rivit poistetaan';
