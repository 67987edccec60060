import { createHenkilo, rowOf } from '../support/persons.js';
import { useTestApp } from '../support/test-app.js';
import { rekisterinpitaja } from '../support/users.js';

/* What tells a person from others: passport numbers and login identifiers. */

const app = useTestApp();
const keeper = () => app.as(rekisterinpitaja);
const auditOf = (henkiloOid: string) =>
  app.audit.filter(({ target }) => (target as { henkiloOid?: string } | undefined)?.henkiloOid === henkiloOid);

describe('POST /henkilo/{oid}/passinumerot', () => {
  it('replaces all numbers and logs before and after', async () => {
    const henkiloOid = await createHenkilo(app);
    const [a, b] = [`A${henkiloOid}`, ` B ${henkiloOid}`];
    const post = (body: unknown) => keeper().post(`/henkilo/${henkiloOid}/passinumerot`, body);
    expect(await post([a, a])).toMatchObject({ status: 200, body: [a] });
    expect(await post([b])).toMatchObject({ status: 200, body: [b] });
    expect(auditOf(henkiloOid).at(-1)).toMatchObject({
      changes: [{ fieldName: 'passinumerot', oldValue: `["${a}"]`, newValue: `["${b}"]` }],
    });
    expect((await post(['', b])).status).toBe(400);
    expect((await post([null])).status).toBe(400);
    expect((await post('null')).status).toBe(400);
    expect(await post([])).toMatchObject({ status: 200, body: [] });
    expect(await app.query('select revtype from henkilo_passinumero_aud where passinumero in ($1, $2) order by rev, revtype', [a, b])).toEqual([
      { revtype: 0 }, { revtype: 0 }, { revtype: 2 }, { revtype: 2 },
    ]); // prettier-ignore
  });
});

describe('/henkilo/{oid}/identification', () => {
  it('adds and removes identifiers with slashes and escapes, and logs both', async () => {
    const henkiloOid = await createHenkilo(app);
    const identifier = `UK/FI/ä x@${henkiloOid}`;
    const tunniste = { idpEntityId: 'google', identifier };
    expect(await keeper().post(`/henkilo/${henkiloOid}/identification`, tunniste)).toMatchObject({
      status: 200,
      body: [tunniste],
    });
    expect(auditOf(henkiloOid).at(-1)).toMatchObject({
      operation: 'TUNNISTUSTIETOJEN_PAIVITYS',
      changes: [{ fieldName: 'tunnistetieto' }],
    });
    const path = `/henkilo/${henkiloOid}/identification/google/UK/FI/${encodeURIComponent(`ä x@${henkiloOid}`)}`;
    expect(await keeper().delete(`${path}x`)).toMatchObject({ status: 200, body: [tunniste] });
    expect(await keeper().delete(path)).toMatchObject({ status: 200, body: [] });
    expect(auditOf(henkiloOid).at(-1)).toMatchObject({ target: { lisatieto: 'Poistettu henkilöltä tunnistetieto.' } });
    expect(await rowOf(app, henkiloOid)).toMatchObject({ version: 3 });
    expect((await keeper().delete(`/henkilo/${henkiloOid}/identification/foo/x`)).status).toBe(400);
  });

  it('refuses kind eidas, one’s own and another’s again; the same text of another kind is fine', async () => {
    const [one, two] = [await createHenkilo(app), await createHenkilo(app)];
    const add = async (oid: string, idpEntityId: string, identifier: string) =>
      (await keeper().post(`/henkilo/${oid}/identification`, { idpEntityId, identifier })).status;
    const identifier = `id-${one}`;
    expect(await add(one, 'google', identifier)).toBe(200);
    expect(await add(one, 'eidas', identifier)).toBe(400);
    expect(await add(one, 'google', identifier)).toBe(400);
    expect(await add(two, 'google', identifier)).toBe(400);
    expect(await add(two, 'email', identifier)).toBe(200);
    expect(await add(one, 'nobody', identifier)).toBe(400);
    expect(await add('1.2.3', 'google', `${identifier}x`)).toBe(404);
  });

  it('removes identifiers by their exact text only, and for a known person', async () => {
    const one = await createHenkilo(app);
    await keeper().post(`/henkilo/${one}/identification`, { idpEntityId: 'google', identifier: `ID-${one}` });
    const remove = (oid: string, text: string) => keeper().delete(`/henkilo/${oid}/identification/google/${text}`);
    expect((await remove(one, `id-${one}`)).body).toHaveLength(1);
    expect((await remove('1.2.3', `ID-${one}`)).status).toBe(404);
    expect((await remove(one, `ID-${one}`)).body).toEqual([]);
  });
});
