/** Changes that VTJ's change API announces about sandbox persons: what the form of the sandbox page can invent. */
import { persons } from './persons.ts';
import type { Muutos } from './state.ts';

/** Kinds of invented changes; all but `turvakielto` take a value. */
export const MUUTOSLAJIT = ['sukunimi', 'kotikunta', 'sahkoposti', 'kuolinpaiva', 'turvakielto'] as const;
type Muutoslaji = (typeof MUUTOSLAJIT)[number];

const day = (arvo: string) => ({ arvo, tarkkuus: 'PAIVA' });

/** What the value of each kind must look like. */
const FORMS: Readonly<Record<Muutoslaji, RegExp>> = {
  sukunimi: /^\p{L}[\p{L} '-]{0,79}$/u,
  kotikunta: /^\d{3}$/,
  sahkoposti: /^[^\s@]{1,60}@[^\s@]{1,60}$/,
  kuolinpaiva: /^\d{4}-\d\d-\d\d$/,
  turvakielto: /^(true|false)$/,
};

/** Those whom the register follows in VTJ: with a hetu, identified, in use. */
export const followed = persons.filter(
  ({ hetu, yksilointi, vtj, passivoitu, master }) =>
    hetu !== null && yksilointi === 'vtj' && vtj && !passivoitu && master === undefined,
);

/**
 * @param avain number of the change in VTJ's log
 * @param today `YYYY-MM-DD`
 * @throws no such person or kind, or a value that is none
 */
export function newMuutos(oid: string, laji: string, value: string, avain: number, today: string): Muutos {
  const person = followed.find((p) => p.oid === oid);
  if (!person?.hetu) throw new Error('no such person');
  const kind = MUUTOSLAJIT.find((one) => one === laji);
  if (!kind || !FORMS[kind].test(value)) throw new Error('no such change');
  const tietoryhmat: Readonly<Record<Muutoslaji, object>> = {
    sukunimi: { tietoryhma: 'HENKILON_NIMI', muutosattribuutti: 'LISATTY', etunimi: person.etunimet, sukunimi: value },
    kotikunta: {
      tietoryhma: 'KOTIKUNTA',
      muutosattribuutti: 'LISATTY',
      kuntakoodi: value,
      kuntaanMuuttopv: day(today),
    },
    sahkoposti: { tietoryhma: 'SAHKOPOSTIOSOITE', muutosattribuutti: 'LISATTY', sahkopostiosoite: value },
    kuolinpaiva: { tietoryhma: 'KUOLINPAIVA', muutosattribuutti: 'LISATTY', kuollut: true, kuolinpv: day(value) },
    turvakielto: { tietoryhma: 'TURVAKIELTO', muutosattribuutti: 'LISATTY', turvakieltoAktiivinen: value === 'true' },
  };
  return { henkilotunnus: person.hetu, muutospv: `${today}T12:00:00.000`, tietoryhmat: [tietoryhmat[kind]], avain };
}
