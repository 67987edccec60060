import { ANNOUNCING, announced, createHenkilo, newHetu, passivations, rowOf, sahkoposti } from '../support/persons.js';
import { useTestApp } from '../support/test-app.js';
import { rekisterinpitaja, ROOT, userWith, virkailija } from '../support/users.js';

const app = useTestApp(ANNOUNCING);
const keeper = () => app.as(rekisterinpitaja);
const ryhmat = (henkiloOid: string) =>
  app.query<{ id: number; kuvaus: string; read_only: boolean; arvo: string | null }>(
    `select g.id, g.ryhmakuvaus as kuvaus, g.read_only, y.yhteystieto_arvo as arvo from yhteystiedotryhma g
       left join yhteystiedot y on y.yhteystiedotryhma_id = g.id join henkilo h on h.id = g.henkilo_id
      where h.oidhenkilo = $1 order by g.id`,
    [henkiloOid],
  );
const auditOf = (henkiloOid: string) =>
  app.audit.filter(({ target }) => (target as { henkiloOid?: string } | undefined)?.henkiloOid === henkiloOid);

const NIMET = { etunimet: 'Uuno Kalervo', kutsumanimi: 'Uuno', sukunimi: 'Uusi' };
const codes = (answer: { body: { fieldErrors?: { field: string; code: string }[] } }) =>
  (answer.body.fieldErrors ?? []).map(({ field, code }) => `${field} ${code}`);
const persons = (count: number) =>
  Promise.all(Array.from({ length: count }, () => createHenkilo(app, NIMET))) as Promise<[string, string, string]>;

beforeEach(() => app.peers.reset());

describe('POST /henkilo', () => {
  it('takes birth date and sex from the hetu, announces the person once and logs it whole', async () => {
    const hetu = newHetu();
    const henkiloOid = await createHenkilo(app, {
      hetu,
      syntymaaika: '1950-05-05',
      sukupuoli: '9' === hetu[9] ? '2' : '1',
    });
    const sukupuoli = Number(hetu[9]) % 2 === 0 ? '2' : '1';
    expect(await rowOf(app, henkiloOid)).toMatchObject({
      hetu,
      sukupuoli,
      version: 0,
      kasittelija: rekisterinpitaja.sub,
    });
    expect(await announced(app)).toEqual([henkiloOid]);
    const [entry] = auditOf(henkiloOid) as { operation: string; changes: { fieldName: string; newValue: string }[] }[];
    expect(entry).toMatchObject({ operation: 'CREATE_HENKILO', changes: [{ fieldName: 'henkilo' }] });
    expect(JSON.parse(entry!.changes[0]!.newValue)).toMatchObject({ oidHenkilo: henkiloOid, sukunimi: 'Uusi' });
  });

  it('stores neither blank passport numbers nor VTJ contacts under turvakielto, and ignores ids of groups', async () => {
    const henkiloOid = await createHenkilo(app, {
      hetu: '',
      turvakielto: true,
      passinumerot: [`P${Date.now()}`, null, ' '],
      kansalaisuus: [null, { kansalaisuusKoodi: '246' }],
      yhteystiedotRyhma: [
        null,
        sahkoposti('a@example.fi', { id: 12345 }),
        sahkoposti('b@example.fi', { ryhmaAlkuperaTieto: 'alkupera1' }),
      ],
    });
    expect(await rowOf(app, henkiloOid)).toMatchObject({ hetu: null, turvakielto: true });
    expect((await ryhmat(henkiloOid)).map(({ arvo }) => arvo)).toEqual(['a@example.fi']);
    expect(
      await app.query(
        'select passinumero from henkilo_passinumero p join henkilo h on h.id = p.henkilo_id where h.oidhenkilo = $1',
        [henkiloOid],
      ),
    ).toHaveLength(1);
  });

  it('identifies a complete person without hetu whom nobody resembles, and not the second one', async () => {
    const complete = {
      etunimet: 'Xerxes', kutsumanimi: 'Xerxes', sukunimi: 'Qwertzius', sukupuoli: '1', syntymaaika: '1971-02-03',
      aidinkieli: { kieliKoodi: 'fi' }, kansalaisuus: [{ kansalaisuusKoodi: '246' }],
    }; // prettier-ignore
    const first = await createHenkilo(app, complete);
    const second = await createHenkilo(app, complete);
    expect(await rowOf(app, first)).toMatchObject({ yksiloity: true, version: 1 });
    expect(await rowOf(app, second)).toMatchObject({ yksiloity: false });
    const history = await app.query('select revtype, yksiloity from henkilo_aud where oidhenkilo = $1', [first]);
    expect(history).toEqual([{ revtype: 0, yksiloity: true }]);
  });

  it('names every broken rule in order and stores nothing', async () => {
    const hetu = newHetu();
    await createHenkilo(app, { hetu });
    const count = () => app.query('select count(*) from henkilo');
    const before = await count();
    const announcedBefore = await announced(app);
    const answer = await keeper().post('/henkilo', {
      etunimet: 'Uuno', kutsumanimi: 'Matti', sukunimi: 'Uusi', hetu, yksiloity: true, duplicate: true, sukupuoli: '7',
      kotikunta: 'x', aidinkieli: { kieliKoodi: 'FI' }, kansalaisuus: [{ kansalaisuusKoodi: '000' }, { kansalaisuusKoodi: null }],
      yhteystiedotRyhma: [sahkoposti('a@example.fi', { ryhmaKuvaus: 'foo', ryhmaAlkuperaTieto: 'bar' })],
    }); // prettier-ignore
    expect(answer.status).toBe(400);
    expect(answer.body.fieldErrors.map(({ code }: { code: string }) => code)).toEqual([
      'yksiloity.and.hetu.not.allowed',
      'yksiloity.and.duplicate.not.allowed',
      'socialsecuritynr.already.exists',
      'kutsumanimi.must.exist.in.etunimet',
      'invalid.sukupuoli',
      'invalid.kotikunta',
      'invalid.aidinkieli',
      'invalid.kansalaisuusKoodi',
      'invalid.ryhmaKuvaus',
      'invalid.ryhmaAlkuperaTieto',
    ]);
    expect(answer.body.fieldErrors[7].arguments).toEqual([['000', null]]);
    expect(await count()).toEqual(before);
    expect(await announced(app)).toEqual(announcedBefore);
  });
});

describe('PUT /henkilo', () => {
  it('touches only the contact groups that change', async () => {
    const henkiloOid = await createHenkilo(app, {
      yhteystiedotRyhma: [
        sahkoposti('a@example.fi'),
        sahkoposti('b@example.fi'),
        sahkoposti('c@example.fi', { readOnly: true }),
      ],
    });
    const [a, b, c] = await ryhmat(henkiloOid);
    const answer = await keeper().put('/henkilo', {
      oidHenkilo: henkiloOid,
      yhteystiedotRyhma: [
        sahkoposti('a@example.fi', { id: 999 }),
        sahkoposti('uusi@example.fi'),
        sahkoposti('', { ryhmaKuvaus: 'yhteystietotyyppi2' }),
        sahkoposti('toinen@example.fi', { id: c!.id }),
        { ryhmaKuvaus: 'yhteystietotyyppi1', ryhmaAlkuperaTieto: 'alkupera2' },
      ],
    });
    expect(answer).toMatchObject({ status: 200, text: henkiloOid });
    const after = await ryhmat(henkiloOid);
    expect(after.map(({ arvo }) => arvo)).toEqual(['a@example.fi', 'c@example.fi', 'uusi@example.fi']);
    expect(after[0]!.id).toBe(a!.id);
    expect(after[1]!.id).toBe(c!.id);
    expect(after[2]!.id).toBeGreaterThan(b!.id);
  });

  it('keeps what is not given, clears what is given empty, and bumps and announces', async () => {
    const henkiloOid = await createHenkilo(app, {
      kotikunta: '091',
      kansalaisuus: [{ kansalaisuusKoodi: '246' }],
      aidinkieli: { kieliKoodi: 'fi' },
    });
    const before = await rowOf(app, henkiloOid);
    await app.peers.reset();
    await keeper().put('/henkilo', {
      oidHenkilo: henkiloOid,
      kansalaisuus: [],
      aidinkieli: { kieliTyyppi: 'x' },
      syntymaaika: '',
    });
    const after = await rowOf(app, henkiloOid);
    expect(after).toMatchObject({ kotikunta: '091', aidinkieli_id: before.aidinkieli_id, version: 1 });
    expect(after.modified).not.toEqual(before.modified);
    expect(
      await app.query(
        'select 1 from henkilo_kansalaisuus k join henkilo h on h.id = k.henkilo_id where h.oidhenkilo = $1',
        [henkiloOid],
      ),
    ).toEqual([]);
    expect(await announced(app)).toEqual([henkiloOid]);
    expect(auditOf(henkiloOid).at(-1)).toMatchObject({
      operation: 'UPDATE_HENKILO',
      changes: [{ fieldName: 'henkilo', oldValue: '' }],
    });
  });

  it('never stores a calling name outside the first names that VTJ has said', async () => {
    const henkiloOid = await createHenkilo(app, { hetu: newHetu(), yksiloityVTJ: true });
    const put = (values: object) => keeper().put('/henkilo', { oidHenkilo: henkiloOid, ...values });
    expect((await put({ etunimet: 'Anni', kutsumanimi: 'Anni' })).status).toBe(400);
    expect((await put({ kutsumanimi: 'Kalervo', sukunimi: 'Muu', kotikunta: '091' })).status).toBe(200);
    expect(await rowOf(app, henkiloOid)).toMatchObject({
      etunimet: 'Uuno Kalervo',
      kutsumanimi: 'Kalervo',
      sukunimi: 'Uusi',
      kotikunta: null,
    });
    const refused = await put({ hetu: '' });
    expect(refused.body.fieldErrors).toMatchObject([{ code: 'socialsecuritynr.already.set', rejectedValue: '' }]);
  });

  it('forgets earlier tries of identification when the hetu changes', async () => {
    const henkiloOid = await createHenkilo(app, { hetu: newHetu(), yksilointiYritetty: true });
    const { id } = await rowOf(app, henkiloOid);
    await app.query(
      `insert into yksilointivirhe (id, version, henkilo_id, aikaleima, poikkeus) values (nextval('hibernate_sequence'), 0, $1, now(), 'x')`,
      [id],
    );
    await app.query(
      `insert into yksilointitieto (id, version, henkiloid, etunimet) values (nextval('hibernate_sequence'), 0, $1, 'x')`,
      [id],
    );
    await app.query(
      `insert into yhteystiedotryhma (id, version, yksilointitieto_id, ryhma_alkuperatieto, read_only) select nextval('hibernate_sequence'), 0, id, 'alkupera1', true from yksilointitieto where henkiloid = $1`,
      [id],
    );

    await keeper().put('/henkilo', { oidHenkilo: henkiloOid, sukunimi: 'Muu' });
    expect(await rowOf(app, henkiloOid)).toMatchObject({ yksilointi_yritetty: true });
    expect((await keeper().put('/henkilo', { oidHenkilo: henkiloOid, hetu: '' })).status).toBe(200);
    expect(await rowOf(app, henkiloOid)).toMatchObject({ hetu: null, yksilointi_yritetty: false });
    expect(
      await app.query(
        'select 1 from yksilointivirhe where henkilo_id = $1 union all select 1 from yksilointitieto where henkiloid = $1',
        [id],
      ),
    ).toEqual([]);
  });

  it('lets only the keeper make a passive person active', async () => {
    const henkiloOid = await createHenkilo(app, { passivoitu: true });
    await app.peers.state({ canAccess: [`${virkailija.sub}>${henkiloOid}`] });
    expect((await app.as(virkailija).put('/henkilo', { oidHenkilo: henkiloOid, passivoitu: false })).status).toBe(403);
    expect((await keeper().put('/henkilo', { oidHenkilo: henkiloOid, passivoitu: false })).status).toBe(200);
    expect(await rowOf(app, henkiloOid)).toMatchObject({ passivoitu: false });
  });

  it.each([
    ['a null nationality', { kansalaisuus: [null] }],
    ['a null contact group', { yhteystiedotRyhma: [null] }],
    [
      'a contact value without a kind',
      { yhteystiedotRyhma: [{ ...sahkoposti('x'), yhteystieto: [{ yhteystietoArvo: 'x' }] }] },
    ],
    [
      'a contact group without an origin',
      { yhteystiedotRyhma: [{ ...sahkoposti('a@b.fi'), ryhmaAlkuperaTieto: null }] },
    ],
  ])('refuses %s', async (_, values) => {
    const henkiloOid = await createHenkilo(app);
    expect((await keeper().put('/henkilo', { oidHenkilo: henkiloOid, ...values })).status).toBe(400);
    expect(await rowOf(app, henkiloOid)).toMatchObject({ version: 0 });
  });

  const put = (oidHenkilo: string, values: object, user = rekisterinpitaja) =>
    app.as(user).put('/henkilo', { oidHenkilo, ...values });

  it('of a master announces it and its slaves, all changed at one instant by the caller', async () => {
    const [master, ...slaves] = await persons(3);
    await keeper().post(`/henkilo/${master}/link`, slaves);
    await app.peers.reset();
    const caller = userWith('1.2.246.562.24.99000000601', ROOT, 'REKISTERINPITAJA');
    expect((await put(master, { sukunimi: 'Muu' }, caller)).status).toBe(200);
    const rows = await Promise.all([master, ...slaves].map((oid) => rowOf(app, oid)));
    expect(new Set(rows.map(({ modified }) => Number(modified))).size).toBe(1);
    expect(rows.map(({ kasittelija }) => kasittelija)).toEqual(Array(3).fill(caller.sub));
    const [first, ...rest] = await announced(app);
    expect([first, rest.sort()]).toEqual([master, [...slaves].sort()]);
  });

  it('refuses a calling name that is none of the stored first names, and announces nothing', async () => {
    const oid = await createHenkilo(app, NIMET);
    await app.peers.reset();
    expect(codes(await put(oid, { kutsumanimi: 'Matti' }))).toEqual(['kutsumanimi kutsumanimi.must.exist.in.etunimet']);
    expect(await announced(app)).toEqual([]);
    expect(await rowOf(app, oid)).toMatchObject({ kutsumanimi: 'Uuno', version: 0 });
  });

  it('leaves a read-only group as it is, stores a new one, drops what is omitted and what is empty', async () => {
    const oid = await createHenkilo(app, { ...NIMET, yhteystiedotRyhma: [sahkoposti('a@example.fi', { readOnly: true }), sahkoposti('b@example.fi')] }); // prettier-ignore
    const { body } = await keeper().get(`/henkilo/${oid}`);
    const [readOnly] = (body as { yhteystiedotRyhma: { id: number; readOnly: boolean }[] }).yhteystiedotRyhma.filter((r) => r.readOnly); // prettier-ignore
    const answer = await put(oid, {
      yhteystiedotRyhma: [sahkoposti('muu@example.fi', { id: readOnly!.id, readOnly: true }), sahkoposti('c@example.fi'), sahkoposti('')],
    }); // prettier-ignore
    expect(answer.status).toBe(200);
    const arvot = await app.query<{ arvo: string }>(
      'select yhteystieto_arvo as arvo from yhteystiedotryhma g join yhteystiedot y on y.yhteystiedotryhma_id = g.id where henkilo_id = $1 order by 1',
      [(await rowOf(app, oid)).id],
    );
    expect(arvot.map(({ arvo }) => arvo)).toEqual(['a@example.fi', 'c@example.fi']);
  });

  it('answers 404 for an unknown person', async () => {
    expect((await put('1.2.246.562.24.404', { sukunimi: 'Muu' })).status).toBe(404);
    expect((await put('', { sukunimi: 'Muu' })).status).toBe(404);
  });
});

describe('DELETE /henkilo/{oid} and /access', () => {
  it('takes the rights away, then makes passive; modified stays', async () => {
    const henkiloOid = await createHenkilo(app);
    const before = await rowOf(app, henkiloOid);
    await app.peers.reset();
    expect(await keeper().delete(`/henkilo/${henkiloOid}`)).toMatchObject({ status: 200, text: '' });
    expect(await rowOf(app, henkiloOid)).toMatchObject({ passivoitu: true, modified: before.modified });
    expect(await passivations(app)).toEqual([
      `/kayttooikeus-service/henkilo/${henkiloOid}/passivoi?kasittelijaOid=${rekisterinpitaja.sub}`,
    ]);
    expect(await announced(app)).toEqual([]);
    expect(auditOf(henkiloOid).at(-1)).toMatchObject({
      operation: 'PASSIVOI_HENKILO',
      changes: [{ fieldName: 'passivoitu', oldValue: 'false', newValue: 'true' }],
    });
  });

  it('changes nothing while käyttöoikeuspalvelu is down', async () => {
    const henkiloOid = await createHenkilo(app, {
      yhteystiedotRyhma: [sahkoposti('a@example.fi', { ryhmaKuvaus: 'yhteystietotyyppi2' })],
    });
    await app.peers.state({ fail: { kayttooikeus: 503 } });
    expect((await keeper().delete(`/henkilo/${henkiloOid}`)).status).toBe(500);
    expect((await keeper().delete(`/henkilo/${henkiloOid}/access`)).status).toBe(500);
    expect(await rowOf(app, henkiloOid)).toMatchObject({ passivoitu: false, version: 0 });
    expect(await ryhmat(henkiloOid)).toHaveLength(1);
  });

  it('removes the contact details of the work, read-only ones too, without a history row, but logs it', async () => {
    const tyo = { ryhmaKuvaus: 'yhteystietotyyppi2' };
    const henkiloOid = await createHenkilo(app, {
      yhteystiedotRyhma: [
        sahkoposti('a@example.fi'),
        sahkoposti('b@example.fi', tyo),
        sahkoposti('c@example.fi', { ...tyo, readOnly: true }),
      ],
    });
    expect((await keeper().delete(`/henkilo/${henkiloOid}/access`)).status).toBe(200);
    expect((await ryhmat(henkiloOid)).map(({ arvo }) => arvo)).toEqual(['a@example.fi']);
    expect(await app.query('select 1 from henkilo_aud where oidhenkilo = $1', [henkiloOid])).toHaveLength(1);
    expect(auditOf(henkiloOid).at(-1)).toMatchObject({
      operation: 'UPDATE_HENKILO',
      changes: [{ fieldName: 'yhteystiedotRyhma' }],
    });
    expect((await keeper().delete('/henkilo/1.2.3/access')).status).toBe(200);
  });
});
