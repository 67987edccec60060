-- Up Migration
-- Imports of learners: rows that failed, and the distinct persons that imports led to.

-- A row that could not be stored: it has no tuonti_rivi, and the rest of its import went on without it.
create table onr_tuonti_virhe (
  tuonti_id bigint not null,
  rivi integer not null,
  tunniste text,
  virhe text not null,
  created timestamptz not null default current_timestamp,
  constraint onr_tuonti_virhe_pkey primary key (tuonti_id, rivi),
  constraint onr_tuonti_virhe_tuonti_fkey foreign key (tuonti_id) references tuonti (id) on delete cascade
);
comment on table onr_tuonti_virhe is 'Tuonnin rivit, joita ei voitu tallentaa';
comment on column onr_tuonti_virhe.rivi is 'Rivin järjestysnumero tuonnissa, ensimmäinen on 0';
comment on column onr_tuonti_virhe.tunniste is 'Rivin tunniste lähdejärjestelmässä';
comment on column onr_tuonti_virhe.virhe is 'Syy, ilman henkilötietoja';

-- Rows that carry no key of their sender: which row of the request they are.
create table onr_tuonti_rivi_nro (
  tuonti_rivi_id bigint not null constraint onr_tuonti_rivi_nro_pkey primary key,
  rivi integer not null,
  constraint onr_tuonti_rivi_nro_tuonti_rivi_fkey foreign key (tuonti_rivi_id) references tuonti_rivi (id) on delete cascade
);
comment on table onr_tuonti_rivi_nro is 'Tunnisteettomien rivien järjestysnumerot';
comment on column onr_tuonti_rivi_nro.rivi is 'Rivin järjestysnumero tuonnissa, ensimmäinen on 0';

-- The imported persons, each once: listings count and page them without going through every row of every import.
create table onr_tuotu_henkilo (
  henkilo_id bigint not null constraint onr_tuotu_henkilo_pkey primary key,
  constraint onr_tuotu_henkilo_henkilo_fkey foreign key (henkilo_id) references henkilo (id) on delete cascade
);
comment on table onr_tuotu_henkilo is 'Henkilöt, joihin jokin tuonnin rivi on johtanut; taulun tuonti_rivi herättimet pitävät ajan tasalla';

-- Triggers, so that it is also true of rows that others write: the reference beside the service, an operator.
create function onr_tuotu_henkilo_lisaa() returns trigger language plpgsql as $$
begin
  insert into onr_tuotu_henkilo (henkilo_id) select distinct henkilo_id from uudet order by henkilo_id on conflict do nothing;
  return null;
end $$;
create function onr_tuotu_henkilo_poista() returns trigger language plpgsql as $$
begin
  if tg_op = 'TRUNCATE' then
    delete from onr_tuotu_henkilo;
  else
    delete from onr_tuotu_henkilo t
     where t.henkilo_id in (select henkilo_id from vanhat)
       and not exists (select 1 from tuonti_rivi r where r.henkilo_id = t.henkilo_id);
  end if;
  return null;
end $$;
create trigger onr_tuonti_rivi_insert after insert on tuonti_rivi
  referencing new table as uudet for each statement execute function onr_tuotu_henkilo_lisaa();
create trigger onr_tuonti_rivi_delete after delete on tuonti_rivi
  referencing old table as vanhat for each statement execute function onr_tuotu_henkilo_poista();
create trigger onr_tuonti_rivi_truncate after truncate on tuonti_rivi
  for each statement execute function onr_tuotu_henkilo_poista();

insert into onr_tuotu_henkilo (henkilo_id) select distinct henkilo_id from tuonti_rivi;

-- Where a reader of GET /oppija/muuttuneet has got to: the next page goes on from there, whatever has changed meanwhile.
create table onr_muuttuneet_sivu (
  lukija text not null,
  sivu integer not null,
  modified timestamp not null,
  henkilo_id bigint not null,
  annettu bigint not null,
  luettu timestamptz not null default current_timestamp,
  constraint onr_muuttuneet_sivu_pkey primary key (lukija, sivu)
);
create index onr_muuttuneet_sivu_luettu_idx on onr_muuttuneet_sivu (luettu);
comment on table onr_muuttuneet_sivu is 'Muuttuneiden oppijoiden lukijan sijainti sivun jälkeen; vanhat rivit poistetaan';
comment on column onr_muuttuneet_sivu.lukija is 'Tiiviste lukijasta ja hakuehdoista';
comment on column onr_muuttuneet_sivu.sivu is 'Sivun numero, ensimmäinen on 1';
comment on column onr_muuttuneet_sivu.modified is 'Viimeksi annetun henkilön muokkaushetki (UTC)';
comment on column onr_muuttuneet_sivu.henkilo_id is 'Viimeksi annettu henkilö';
comment on column onr_muuttuneet_sivu.annettu is 'Sivuilla tähän mennessä annettujen henkilöiden määrä';
