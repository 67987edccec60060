-- Up Migration
-- Where the readers of GET /oppija/muuttuneet are (docs/adr/0022-stable-pages-of-changes.md): one row for each reading
-- under way, since several of one user may go on at once, and where each of its pages ended. The version before keeps using
-- onr_muuttuneet_sivu beside this one; a later migration takes that table away.

create table onr_muutosluku (
  id bigint generated always as identity constraint onr_muutosluku_pkey primary key,
  lukija text not null,
  sivu integer not null,
  paattynyt boolean not null,
  lukijoita integer not null default 1,
  luettu timestamptz not null default current_timestamp,
  voimassa timestamptz not null
);
create index onr_muutosluku_lukija_idx on onr_muutosluku (lukija, sivu);
create index onr_muutosluku_luettu_idx on onr_muutosluku (luettu);
comment on table onr_muutosluku is 'Muuttuneiden oppijoiden luennat; vanhat rivit poistetaan';
comment on column onr_muutosluku.lukija is 'Tiiviste käyttäjästä, hakuehdoista ja sivun koosta';
comment on column onr_muutosluku.sivu is 'Viimeksi annettu sivu, ensimmäinen on 1';
comment on column onr_muutosluku.paattynyt is 'Lukijalle on kerrottu, että sivu oli viimeinen';
comment on column onr_muutosluku.lukijoita is 'Luentoja, jotka ovat samassa kohdassa';
comment on column onr_muutosluku.voimassa is 'Siihen asti luenta voi jatkua; sen jälkeen vain, jos muita ei ole';

create table onr_muutosluku_sivu (
  luku_id bigint not null,
  sivu integer not null,
  modified timestamp not null,
  henkilo_id bigint not null,
  annettu bigint not null,
  constraint onr_muutosluku_sivu_pkey primary key (luku_id, sivu),
  constraint onr_muutosluku_sivu_luku_fkey foreign key (luku_id) references onr_muutosluku (id) on delete cascade
);
comment on table onr_muutosluku_sivu is 'Mihin luennan sivu päättyi';
comment on column onr_muutosluku_sivu.modified is 'Sivun viimeisen henkilön muokkaushetki (UTC)';
comment on column onr_muutosluku_sivu.henkilo_id is 'Sivun viimeinen henkilö';
comment on column onr_muutosluku_sivu.annettu is 'Sivuilla tähän mennessä annettujen henkilöiden määrä';
