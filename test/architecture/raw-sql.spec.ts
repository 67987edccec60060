import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const SRC = path.resolve(__dirname, '../../src');
const RAW_SQL = /\b(?:db|database)(?:\.reserved)?\s*\.(?:query|execute|prepared)\b/;

/**
 * Files outside src/database that may hold SQL by hand (docs/architecture.md says when that is right). A file that has none any
 * more leaves the list; a new one joins it with a reason that the rule knows.
 */
const MAY_HOLD_SQL = [
  'auth/permissions/henkilo-organisaatio.repository.ts',
  'auth/sessions/session.store.ts',
  'datantuonti/datantuonti.repository.ts',
  'duplicates/duplikaatit.repository.ts',
  'duplicates/oppijahaku.repository.ts',
  'email/queued-email.repository.ts',
  'hakuteksti/hakuteksti.repository.ts',
  'hakuteksti/samankaltaisuus.repository.ts',
  'exports/export-tables.repository.ts',
  'health/health.service.ts',
  'henkilo/dokumentti/dokumentti.repository.ts',
  'henkilo/haku/hakutermi.repository.ts',
  'henkilo/haku/henkilo-haku.repository.ts',
  'henkilo/luku/henkilo-perustieto.repository.ts',
  'henkilo/luku/henkilo-read.repository.ts',
  'henkilo/luku/osat.repository.ts',
  'henkilo/luku/suojaus.repository.ts',
  'henkilo/muutos/henkilo-tunniste.repository.ts',
  'henkilo/muutos/henkilo.store.ts',
  'henkiloviite/henkiloviite.repository.ts',
  'history/history-cleanup.repository.ts',
  'history/history.ts',
  'huoltajat/huoltaja-suhde.repository.ts',
  'jobs/scheduled-task.repository.ts',
  'koodit/koodirivi.repository.ts',
  'kotikunta/kotikunta-historia.repository.ts',
  'oppijat-tuonti/listaukset/laskuri.repository.ts',
  'oppijat-tuonti/listaukset/muutos-sijainti.repository.ts',
  'oppijat-tuonti/listaukset/oppija-listaus.repository.ts',
  'oppijat-tuonti/listaukset/tuonti-tulos.repository.ts',
  'oppijat-tuonti/listaukset/tuontikooste.repository.ts',
  'oppijat-tuonti/tuonti/tunnistus.repository.ts',
  'oppijat-tuonti/tuonti/tuonti.repository.ts',
  'outbox/outbox.repository.ts',
  'tila/tila.repository.ts',
  'vtj/vtj-henkilo.repository.ts',
  'vtj/vtj-muutostieto.repository.ts',
  'yhteystiedot/yhteystiedot.repository.ts',
  'yksilointi/yksilointitieto-read.repository.ts',
  'yksilointi/yksiloitavat.repository.ts',
  'yleistunniste/yleistunniste-read.repository.ts',
];

it('SQL by hand is in the files that may hold it, and in no other', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.startsWith('database/'),
  );
  const found = files.filter((file) => RAW_SQL.test(readFileSync(path.join(SRC, file), 'utf8')));
  expect(found.sort()).toEqual([...MAY_HOLD_SQL].sort());
});
