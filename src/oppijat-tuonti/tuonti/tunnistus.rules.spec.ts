import { tunnista } from './tunnistus.rules.js';
import { tunnisteKey, type TuontiHenkilo } from './tuonti-sisalto.mapper.js';

const NIMET = { etunimet: 'Aino', kutsumanimi: 'Aino', sukunimi: 'Testi' };
const rivi = (tunnisteet: Partial<TuontiHenkilo>) => ({ henkilo: { ...NIMET, ...tunnisteet } });
const A = { henkiloOid: 'A' };
const B = { henkiloOid: 'B' };

describe('rows of a part', () => {
  const known = new Map([
    [tunnisteKey('oid', 'A'), 'A'],
    [tunnisteKey('hetu', 'hetuB'), 'B'],
    [tunnisteKey('passinumero', 'passiB'), 'B'],
    [tunnisteKey('sahkoposti', 'b@example.fi'), 'B'],
  ]);

  it.each([
    ['an OID', { oid: 'A' }, A],
    ['a hetu', { hetu: 'hetuB' }, B],
    ['a passport', { passinumero: 'passiB' }, B],
    ['an e-mail', { sahkoposti: 'b@example.fi' }, B],
    ['an unknown OID and a hetu', { oid: 'X', hetu: 'hetuB' }, B],
    ['nothing that is known', { oid: 'X', hetu: 'Y' }, { uusi: 0 }],
    ['the OID of one and the hetu of another', { oid: 'A', hetu: 'hetuB' }, A],
    ['a passport number that is the hetu of somebody', { passinumero: 'hetuB' }, { uusi: 0 }],
    ['an identifier in another case', { sahkoposti: 'B@example.fi' }, { uusi: 0 }],
  ])('with %s', (_name, tunnisteet, kohde) => expect(tunnista([rivi(tunnisteet)], known)).toEqual([kohde]));

  it('find the person that an earlier row made, by any of its identifiers', () => {
    const rivit = [{ hetu: 'h', passinumero: 'p' }, { passinumero: 'p', sahkoposti: 's' }, { sahkoposti: 's' }, { oid: 'X', hetu: 'z' }, { oid: 'X' }]; // prettier-ignore
    expect(tunnista(rivit.map(rivi), known)).toEqual([{ uusi: 0 }, { uusi: 0 }, { uusi: 0 }, { uusi: 1 }, { uusi: 1 }]);
  });

  it('with an empty hetu are persons of their own', () => {
    expect(tunnista([rivi({ hetu: '' }), rivi({ hetu: '' })], known)).toEqual([{ uusi: 0 }, { uusi: 1 }]);
  });

  it('do not redirect an identifier that belongs to somebody else', () => {
    expect(tunnista([rivi({ oid: 'A', hetu: 'hetuB' }), rivi({ hetu: 'hetuB' })], known)).toEqual([A, B]);
    const uusi = [rivi({ hetu: 'h' }), rivi({ hetu: 'h', sahkoposti: 'b@example.fi' })];
    expect(tunnista([...uusi, rivi({ sahkoposti: 'b@example.fi' })], known)).toEqual([{ uusi: 0 }, { uusi: 0 }, B]);
  });

  it('that name an unknown identifier of a known person make it known', () => {
    expect(tunnista([rivi({ oid: 'A', sahkoposti: 'a@example.fi' }), rivi({ sahkoposti: 'a@example.fi' })], known)).toEqual([A, A]); // prettier-ignore
  });
});
