-- Up Migration
-- The latest run of each job, whichever process does it: for operators only (`npm run jobs`, /internal/tila); nothing depends on it.

create table onr_job_run (
  task_name text primary key,
  host text not null,
  started timestamptz not null,
  ended timestamptz,
  succeeded boolean,
  done bigint not null default 0,
  total bigint,
  summary jsonb,
  reason text
);
comment on table onr_job_run is 'Kunkin tausta-ajon viimeisin ajo: kesto, eteneminen ja tulos, ylläpitäjiä varten';
comment on column onr_job_run.ended is 'null: kesken, tai prosessi on kuollut';
comment on column onr_job_run.done is 'Käsitellyt, niin kauan kuin ajo kestää';
comment on column onr_job_run.total is 'Käsiteltäviä kaikkiaan; null: ei tiedossa';
comment on column onr_job_run.summary is 'Ajon luvut: seen, changed, failed ja muita';
comment on column onr_job_run.reason is 'Miksi ajo epäonnistui; ei henkilötietoja';
