-- Up Migration
-- What the service adds to the reference's schema. Everything of its own starts with onr_, so both can run on it.

-- The states of a mail: a fresh database of the reference lacks them and cannot queue a mail (docs/spec/schema.md#8.2).
insert into queuedemailstatus (id, description) values
  ('QUEUED', 'Sähköposti odottaa lähettämistä'),
  ('SENT', 'Sähköposti on lähetetty viestinvälityspalveluun'),
  ('ERROR', 'Sähköposti on virheellinen')
on conflict (id) do nothing;

-- Messages to other systems, written in the transaction of the change they tell about, deleted once published.
create table onr_outbox (
  id bigint not null default nextval('hibernate_sequence') constraint onr_outbox_pkey primary key,
  topic text not null,
  henkilo_oid text not null,
  body jsonb not null,
  created timestamptz not null default current_timestamp,
  attempts integer not null default 0,
  next_attempt timestamptz not null default current_timestamp
);
create index onr_outbox_next_attempt_idx on onr_outbox (next_attempt, id);
create index onr_outbox_order_idx on onr_outbox (topic, henkilo_oid, id);
comment on table onr_outbox is 'Muille järjestelmille lähtevät viestit; julkaistu rivi poistetaan';
comment on column onr_outbox.id is 'Saman henkilön viestit julkaistaan tässä järjestyksessä';
comment on column onr_outbox.topic is 'Viestin laji';
comment on column onr_outbox.henkilo_oid is 'Henkilö, jota viesti koskee';
comment on column onr_outbox.body is 'Viestin sisältö';
comment on column onr_outbox.attempts is 'Epäonnistuneiden yritysten määrä';
comment on column onr_outbox.next_attempt is 'Hetki, jota ennen ei yritetä';
