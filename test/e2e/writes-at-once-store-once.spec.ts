import { createHenkilo, newHetu, rowOf, sahkoposti } from '../support/persons.js';
import { useTestApp, type TestAnswer } from '../support/test-app.js';
import { rekisterinpitaja, userWith, ROOT } from '../support/users.js';

const app = useTestApp();
const keeper = () => app.as(rekisterinpitaja);
const AT_ONCE = 50;
const fifty = (send: (n: number) => Promise<TestAnswer>) =>
  Promise.all(Array.from({ length: AT_ONCE }, (_, n) => send(n)));
/** How many answers there are of each status. */
const statuses = (answers: readonly TestAnswer[]) => {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};
const nimet = { etunimet: 'Uuno Kalervo', kutsumanimi: 'Uuno', sukunimi: 'Uusi' };

describe('fifty at once', () => {
  it('store one person with a hetu and refuse the others', async () => {
    const hetu = newHetu();
    const answers = await fifty(() => keeper().post('/henkilo', { ...nimet, hetu }));
    expect(statuses(answers)).toEqual({ 201: 1, 400: 49 });
    expect(answers.find(({ status }) => status === 400)!.text).toContain('socialsecuritynr.already.exists');
    expect(await app.query('select 1 from henkilo where hetu = $1', [hetu])).toHaveLength(1);
  });

  it('store one person with a passport number and refuse the others', async () => {
    const passinumero = `P${newHetu()}`;
    const answers = await fifty(() => keeper().post('/henkilo', { ...nimet, passinumerot: [passinumero] }));
    expect(statuses(answers)).toEqual({ 201: 1, 400: 49 });
  });

  it.each([
    ['hetu', () => ({ hetu: newHetu() })],
    [
      'login identifier',
      () => ({
        identifications: [
          { idpEntityId: 'email', identifier: newHetu() },
          { idpEntityId: 'google', identifier: newHetu() },
        ],
      }),
    ],
    ['eIDAS identifier', () => ({ eidasTunniste: newHetu() })],
  ])('find or store one person by %s', async (_, values) => {
    const eidas = userWith(rekisterinpitaja.sub, ROOT, 'REKISTERINPITAJA', 'EIDAS_HENKILON_LUONTI');
    const body = { ...nimet, ...values() };
    const answers = await fifty(() => app.as(eidas).post('/s2s/findOrCreateHenkiloPerustieto', body));
    expect(statuses(answers)).toEqual({ 201: 1, 200: 49 });
    expect(new Set(answers.map((answer) => answer.body.oidHenkilo)).size).toBe(1);
  });

  it('identify only one of persons that resemble each other', async () => {
    const whole = { sukupuoli: '1', syntymaaika: '1999-09-09', aidinkieli: { kieliKoodi: 'fi' }, kansalaisuus: [{ kansalaisuusKoodi: '752' }] }; // prettier-ignore
    const sukunimet = Array.from({ length: 10 }, (_, n) => 'BCDFGHJKLM'.charAt(n).repeat(6));
    for (const sukunimi of sukunimet) {
      const answers = await Promise.all(
        ['x', 'y', 'z', 'x', 'y'].map((end) =>
          keeper().post('/henkilo', {
            ...whole,
            etunimet: sukunimi,
            kutsumanimi: sukunimi,
            sukunimi: `${sukunimi}${end}`,
          }),
        ),
      );
      expect(statuses(answers)).toEqual({ 201: 5 });
    }
    const identified = await app.query<{ nimi: string }>('select etunimet as nimi from henkilo where yksiloity and etunimet = any ($1) order by 1', [sukunimet]); // prettier-ignore
    expect(identified.map(({ nimi }) => nimi)).toEqual(sukunimet);
  });

  it('give a login identifier to one person', async () => {
    const oids = await Promise.all(Array.from({ length: AT_ONCE }, () => createHenkilo(app)));
    const identifier = newHetu();
    const answers = await fifty((n) =>
      keeper().post(`/henkilo/${oids[n]}/identification`, { idpEntityId: 'email', identifier }),
    );
    expect(statuses(answers)).toEqual({ 200: 1, 400: 49 });
    expect(await app.query('select 1 from identification where identifier = $1', [identifier])).toHaveLength(1);
  });

  it('make one row of a nationality and of a language', async () => {
    const answers = await fifty(() =>
      keeper().post('/henkilo', {
        ...nimet,
        kansalaisuus: [{ kansalaisuusKoodi: '276' }],
        aidinkieli: { kieliKoodi: 'de' },
      }),
    );
    expect(statuses(answers)).toEqual({ 201: 50 });
    expect(await app.query(`select 1 from kansalaisuus where kansalaisuuskoodi = '276'`)).toHaveLength(1);
    expect(await app.query(`select 1 from kielisyys where kielikoodi = 'de'`)).toHaveLength(1);
  });

  it('update one person without losing an update', async () => {
    const henkiloOid = await createHenkilo(app);
    const answers = await fifty((n) =>
      keeper().post(`/henkilo/${henkiloOid}/identification`, {
        idpEntityId: 'google',
        identifier: `${henkiloOid}-${n}`,
      }),
    );
    expect(statuses(answers)).toEqual({ 200: 50 });
    expect(await rowOf(app, henkiloOid)).toMatchObject({ version: 50 });
    expect(
      await app.query('select 1 from identification i join henkilo h on h.id = i.henkilo_id where h.oidhenkilo = $1', [
        henkiloOid,
      ]),
    ).toHaveLength(50);
  });

  it('replace the contacts of one person: the last stay, whole', async () => {
    const henkiloOid = await createHenkilo(app);
    const answers = await fifty((n) =>
      keeper().put('/henkilo', {
        oidHenkilo: henkiloOid,
        yhteystiedotRyhma: [sahkoposti(`a${n}@example.fi`), sahkoposti(`b${n}@example.fi`)],
      }),
    );
    expect(statuses(answers)).toEqual({ 200: 50 });
    const arvot = await app.query<{ arvo: string }>(
      `select y.yhteystieto_arvo as arvo from yhteystiedotryhma g join yhteystiedot y on y.yhteystiedotryhma_id = g.id
         join henkilo h on h.id = g.henkilo_id where h.oidhenkilo = $1 order by 1`,
      [henkiloOid],
    );
    expect(arvot).toHaveLength(2);
    expect(arvot[0]!.arvo.slice(1)).toBe(arvot[1]!.arvo.slice(1));
  });

  it('give a free hetu to one of fifty persons', async () => {
    const oids = await Promise.all(Array.from({ length: AT_ONCE }, () => createHenkilo(app)));
    const hetu = newHetu();
    expect(statuses(await fifty((n) => keeper().put('/henkilo', { oidHenkilo: oids[n], hetu })))).toEqual({
      200: 1,
      400: 49,
    });
  });

  it('link, unlink and update the same persons crosswise without a deadlock', async () => {
    const oids = await Promise.all(Array.from({ length: 6 }, () => createHenkilo(app)));
    const at = (n: number) => oids[((n % 6) + 6) % 6]!;
    const answers = await fifty((n) => {
      if (n % 5 === 4) return keeper().put('/henkilo', { oidHenkilo: at(n), sukunimi: `Uusi${n}` });
      if (n % 5 === 3) return keeper().delete(`/henkilo/${at(n)}/unlink/${at(n + 1)}`);
      return keeper().post(`/henkilo/${at(n)}/link`, n % 2 === 0 ? [at(n + 1), at(n + 3)] : [at(n - 1), at(n - 2)]);
    });
    for (const status of Object.keys(statuses(answers))) expect(['200', '400', '403']).toContain(status);
    const doubles = await app.query(
      `select slave_oid from henkiloviite where slave_oid = any ($1) group by 1 having count(*) > 1`,
      [oids],
    );
    expect(doubles).toEqual([]);
    const chains = await app.query(
      'select 1 from henkiloviite a join henkiloviite b on b.master_oid = a.slave_oid where a.master_oid = any ($1)',
      [oids],
    );
    expect(chains).toEqual([]);
  });
});
