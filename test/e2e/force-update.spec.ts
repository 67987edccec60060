import { HenkiloForceUpdateService, type HenkiloForceUpdate } from '../../src/vtj/henkilo-force-update.service.js';
import { OutboxPublisher } from '../../src/outbox/outbox.publisher.js';
import { ANNOUNCING, announced, createHenkilo, newHetu, passivations, rowOf, sahkoposti } from '../support/persons.js';
import { useTestApp } from '../support/test-app.js';

const app = useTestApp(ANNOUNCING);
const forceUpdate = (muutos: HenkiloForceUpdate) => app.nest.get(HenkiloForceUpdateService).forceUpdate(muutos);
/** A job does not wait for its messages. */
const settled = () => app.nest.get(OutboxPublisher).settle(5_000);
const hetutOf = async (oid: string) =>
  (
    await app.query<{ hetu: string }>(
      'select x.hetu from henkilo_hetu x join henkilo h on h.id = x.henkilo_id where h.oidhenkilo = $1 order by 1',
      [oid],
    )
  ).map(({ hetu }) => hetu);
const suhteetOf = (oid: string) =>
  app.query<{ id: number; oid: string; alku: string | null; loppu: string | null; updated: Date }>(
    `select s.id, p.oidhenkilo as oid, s.alkupvm::text as alku, s.loppupvm::text as loppu, s.updated from henkilo_huoltaja_suhde s
       join henkilo l on l.id = s.lapsi_id join henkilo p on p.id = s.huoltaja_id where l.oidhenkilo = $1 order by s.id`,
    [oid],
  );

/** A person identified by VTJ with these hetut. */
async function inVtj(...hetut: string[]): Promise<string> {
  const oid = await createHenkilo(app, { hetu: hetut[0], yksiloityVTJ: true });
  for (const hetu of hetut)
    await app.query('insert into henkilo_hetu (henkilo_id, hetu) select id, $2 from henkilo where oidhenkilo = $1', [
      oid,
      hetu,
    ]);
  await app.query('update henkilo set vtj_bucket = 7 where oidhenkilo = $1', [oid]);
  return oid;
}

beforeEach(() => app.peers.reset());

describe('an update by VTJ', () => {
  it('changes the hetu, keeps the old one findable and has the data fetched again', async () => {
    const [old, uusi] = [newHetu(), newHetu()];
    const oid = await inVtj(old);
    await forceUpdate({ oidHenkilo: oid, hetu: uusi });
    expect(await rowOf(app, oid)).toMatchObject({ hetu: uusi, vtj_bucket: null });
    expect(await hetutOf(oid)).toEqual([old, uusi].sort());
  });

  it('links whoever else has the new hetu, takes over its hetut and its rights away, and announces both once', async () => {
    const [own, taken, former] = [newHetu(), newHetu(), newHetu()];
    const [oid, other] = [await inVtj(own), await inVtj(taken, former)];
    await app.query(
      `insert into kotikunta_historia (id, version, henkilo_id, kotikunta) select nextval('hibernate_sequence'), 0, id, '091' from henkilo where oidhenkilo = $1`,
      [other],
    );
    await app.peers.reset();
    await forceUpdate({ oidHenkilo: oid, hetu: taken, kaikkiHetut: [own] });
    expect(await rowOf(app, oid)).toMatchObject({ hetu: taken, yksiloityvtj: true });
    expect(await hetutOf(oid)).toEqual([own, taken, former].sort());
    expect(await rowOf(app, other)).toMatchObject({
      hetu: null,
      yksiloityvtj: false,
      duplicate: true,
      passivoitu: true,
    });
    expect(
      await app.query(
        'select 1 from kotikunta_historia k join henkilo h on h.id = k.henkilo_id where h.oidhenkilo = $1',
        [other],
      ),
    ).toEqual([]);
    expect(await hetutOf(other)).toEqual([]);
    expect(await passivations(app)).toEqual([`/kayttooikeus-service/henkilo/${other}/passivoi`]);
    await settled();
    expect(await announced(app)).toEqual([oid, other]);
  });

  it('goes to the older person that has one of the hetut', async () => {
    const shared = newHetu();
    const older = await inVtj(shared);
    const newer = await createHenkilo(app, { hetu: newHetu() });
    const written = await forceUpdate({ oidHenkilo: newer, kaikkiHetut: [shared], sukunimi: 'Vanhin' });
    expect(written.oidHenkilo).toBe(older);
    expect(await rowOf(app, older)).toMatchObject({ sukunimi: 'Vanhin' });
    expect(await rowOf(app, newer)).toMatchObject({ sukunimi: 'Uusi' });
  });

  it('overwrites read-only contacts, deletes those of VTJ under turvakielto, keeps what is not told', async () => {
    const oid = await createHenkilo(app, {
      kotikunta: '091',
      yhteystiedotRyhma: [sahkoposti('a@example.fi', { readOnly: true })],
    });
    const fromVtj = sahkoposti('vtj@example.fi', { ryhmaAlkuperaTieto: 'alkupera1' });
    await forceUpdate({
      oidHenkilo: oid,
      yhteystiedotRyhma: [sahkoposti('b@example.fi'), fromVtj] as never,
      turvakielto: true,
    });
    const arvot = await app.query(
      'select yhteystieto_arvo as arvo from yhteystiedot y join yhteystiedotryhma g on g.id = y.yhteystiedotryhma_id join henkilo h on h.id = g.henkilo_id where h.oidhenkilo = $1',
      [oid],
    );
    expect(arvot).toEqual([{ arvo: 'b@example.fi' }]);
    expect(await app.query(`select 1 from yhteystiedot where yhteystieto_arvo = 'vtj@example.fi'`)).toEqual([]);
    expect(await rowOf(app, oid)).toMatchObject({ turvakielto: true, kotikunta: '091', kutsumanimi: 'Uuno' });
  });

  it('names what is wrong with every guardian', async () => {
    const oid = await createHenkilo(app);
    const huoltajat = [
      { etunimet: 'A', sukunimi: 'B', kansalaisuusKoodi: ['000'] },
      { hetu: 'foo', etunimet: 'A', sukunimi: 'B' },
      { etunimet: 'A', sukunimi: 'B', kansalaisuusKoodi: ['246'] },
    ];
    await expect(forceUpdate({ oidHenkilo: oid, huoltajat })).rejects.toMatchObject({
      fieldErrors: [{ code: 'invalid.kansalaisuusKoodi', rejectedValue: ['000'] }, { code: 'invalid.hetu' }],
    });
    expect(await suhteetOf(oid)).toEqual([]);
  });
});

describe('guardians', () => {
  it('are found by hetu or made, with the dates told', async () => {
    const [hetu, uusi] = [newHetu(), newHetu()];
    const lapsi = await createHenkilo(app);
    const parent = await createHenkilo(app, { hetu });
    await app.peers.reset();
    await forceUpdate({
      oidHenkilo: lapsi,
      huoltajat: [
        { hetu, etunimet: 'Toinen', sukunimi: 'Nimi', huoltajuusAlku: '2020-01-01' },
        { hetu: uusi, etunimet: 'Äiti Maija', sukunimi: 'Uusi', kansalaisuusKoodi: ['246'] },
      ],
    });
    const suhteet = await suhteetOf(lapsi);
    expect(suhteet).toMatchObject([{ oid: parent, alku: '2020-01-01', loppu: null }, { alku: null }]);
    expect(await rowOf(app, parent)).toMatchObject({ etunimet: 'Uuno Kalervo', version: 1 });
    expect(await rowOf(app, suhteet[1]!.oid)).toMatchObject({
      hetu: uusi,
      kutsumanimi: 'Äiti Maija',
      kasittelija: '1.2.246.562.24.00000000001',
    });
    await settled();
    expect(await announced(app)).toEqual([parent, suhteet[1]!.oid, lapsi]);
  });

  it('keep their rows and dates when told again without dates', async () => {
    const hetu = newHetu();
    const lapsi = await createHenkilo(app);
    const tieto = { hetu, etunimet: 'Aino', sukunimi: 'Uusi' };
    await forceUpdate({
      oidHenkilo: lapsi,
      huoltajat: [{ ...tieto, huoltajuusAlku: '2020-01-01', huoltajuusLoppu: '2030-01-01' }],
    });
    const before = await suhteetOf(lapsi);
    await forceUpdate({ oidHenkilo: lapsi, huoltajat: [tieto] });
    expect(await suhteetOf(lapsi)).toEqual(before);
    const [history] = await app.query('select count(*)::int as count from henkilo_huoltaja_suhde_aud where id = $1', [
      before[0]!.id,
    ]);
    expect(history).toEqual({ count: 1 });
    await forceUpdate({ oidHenkilo: lapsi, huoltajat: [] });
    expect(await suhteetOf(lapsi)).toEqual([]);
  });

  it('without a hetu are found by the names of a guardian that is there', async () => {
    const lapsi = await createHenkilo(app);
    const tieto = { etunimet: 'Erkki', kutsumanimi: 'Erkki', sukunimi: 'Nimetön' };
    await forceUpdate({ oidHenkilo: lapsi, huoltajat: [tieto] });
    const [before] = await suhteetOf(lapsi);
    await forceUpdate({ oidHenkilo: lapsi, huoltajat: [{ ...tieto, syntymaaika: '1960-01-01' }] });
    expect((await suhteetOf(lapsi)).map(({ oid }) => oid)).toEqual([before!.oid]);
    expect(await rowOf(app, before!.oid)).toMatchObject({ version: 1, hetu: null });
  });

  it('found by a former hetu keep the current one', async () => {
    const [current, former] = [newHetu(), newHetu()];
    const parent = await inVtj(current, former);
    const lapsi = await createHenkilo(app);
    await forceUpdate({
      oidHenkilo: lapsi,
      huoltajat: [{ hetu: former, etunimet: 'Vanha Nimi', sukunimi: 'Muu', yksiloityVTJ: true }],
    });
    expect(await rowOf(app, parent)).toMatchObject({ hetu: current, etunimet: 'Vanha Nimi', sukunimi: 'Muu' });
  });

  it('are refused without names', async () => {
    const lapsi = await createHenkilo(app);
    await expect(
      forceUpdate({ oidHenkilo: lapsi, sukunimi: 'Ei', huoltajat: [{ hetu: newHetu() }] }),
    ).rejects.toMatchObject({
      fieldErrors: [{ field: 'etunimet' }, { field: 'sukunimi' }],
    });
    expect(await rowOf(app, lapsi)).toMatchObject({ sukunimi: 'Uusi' });
  });
});
