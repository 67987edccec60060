import fc from 'fast-check';
import { isKutsumanimiOf } from '../../common/kutsumanimi.js';
import { korjaa } from './korjaukset.rules.js';
import type { HuoltajaTiedot, VtjMuutos } from './vtj-muutos.model.js';

const koodistot = {
  hasKunta: (koodi: string) => koodi === '091',
  hasKieli: (koodi: string) => koodi === 'FI',
  hasMaa: (koodi: string) => koodi === '246',
};
const nimet = { etunimet: 'Aino Maria', kutsumanimi: 'Maria' };
const ennallaan: VtjMuutos = { turvakielto: false, kotikunta: null, yhteystiedotRyhma: [] };
const korjattu = (muutos: Partial<VtjMuutos>) => korjaa({ ...ennallaan, ...muutos }, nimet, koodistot);

it.each<[Partial<VtjMuutos>, Partial<VtjMuutos>]>([
  [{ kotikunta: '091' }, {}],
  [{ kotikunta: '000' }, { kotikunta: '999' }],
  [{ kotikunta: '' }, { kotikunta: '999' }],
  [{ aidinkieli: 'fi' }, {}],
  [{ aidinkieli: 'xx' }, { aidinkieli: '99' }],
  [{ kansalaisuudet: ['246', '000', ''] }, { kansalaisuudet: ['246', '998', '998'] }],
  [{ kansalaisuudet: [] }, {}],
  [{ etunimet: 'Aino Maria Inkeri' }, {}],
  [{ etunimet: 'Aino' }, { kutsumanimi: 'Aino' }],
  [{ kutsumanimi: 'Aino' }, {}],
  [{ kutsumanimi: 'Inkeri' }, { kutsumanimi: 'Aino Maria' }],
  [{ etunimet: 'Aino-Inkeri', kutsumanimi: 'Inkeri' }, {}],
  [{ sukunimi: 'Laine' }, {}],
])('%j is corrected with %j', (muutos, korjaus) => {
  expect(korjattu(muutos)).toEqual({ ...ennallaan, ...muutos, ...korjaus });
});

it('corrects the nationality of guardians that the message gives', () => {
  const tiedot = { etunimet: 'Ulla', kansalaisuudet: ['000'] } as unknown as HuoltajaTiedot;
  const ilman = { ...tiedot, kansalaisuudet: null };
  expect(korjattu({ huoltajat: [{ tiedot }, { tiedot: ilman }] }).huoltajat).toEqual([
    { tiedot: { ...tiedot, kansalaisuudet: ['998'] } },
    { tiedot: ilman },
  ]);
});

it('empties malformed e-mail addresses of every group and leaves other values alone', () => {
  const ryhma = (...arvot: (string | null)[]) => ({
    id: 1,
    ryhmaKuvaus: 'yhteystietotyyppi1',
    ryhmaAlkuperaTieto: 'alkupera2',
    readOnly: false,
    yhteystieto: [
      ...arvot.map((yhteystietoArvo) => ({ yhteystietoTyyppi: 'YHTEYSTIETO_SAHKOPOSTI' as const, yhteystietoArvo })),
      { yhteystietoTyyppi: 'YHTEYSTIETO_KATUOSOITE' as const, yhteystietoArvo: 'not an email' },
    ],
  });
  const annettu = { yhteystiedotRyhma: [ryhma('a@example.com', null, ''), ryhma('not an email', 'b@example.com')] };
  expect(korjattu(annettu).yhteystiedotRyhma).toEqual([ryhma('a@example.com', null, ''), ryhma('', 'b@example.com')]);
  expect(annettu.yhteystiedotRyhma[1]).toEqual(ryhma('not an email', 'b@example.com'));
});

it('whatever names VTJ gives, the person has a kutsumanimi of its first names afterwards', () => {
  const nimi = fc.string({ unit: fc.constantFrom(...'AaEeÅåÄä -'), maxLength: 12 });
  const muutos = fc.record({ etunimet: nimi, kutsumanimi: nimi, sukunimi: nimi }, { requiredKeys: [] });
  const henkilo = fc.record({ etunimet: nimi, kutsumanimi: nimi });
  fc.assert(
    fc.property(muutos, henkilo, (annettu, ennen) => {
      const { etunimet, kutsumanimi, sukunimi } = korjaa({ ...ennallaan, ...annettu }, ennen, koodistot);
      expect([etunimet, sukunimi]).toEqual([annettu.etunimet, annettu.sukunimi]);
      if (annettu.etunimet === undefined && annettu.kutsumanimi === undefined) expect(kutsumanimi).toBeUndefined();
      else expect(isKutsumanimiOf(kutsumanimi ?? ennen.kutsumanimi, etunimet ?? ennen.etunimet)).toBe(true);
    }),
  );
});
