/** What each invented person is there to show, in both languages of the sandbox page. */
import type { SandboxPerson } from './persons.ts';

export type Kieli = 'fi' | 'en';
type Text = Readonly<Record<Kieli, string>>;

const text = (fi: string, en: string): Text => ({ fi, en });

/** The first that holds is what the person is; those that follow are added. */
const KINDS: readonly (readonly [holds: (p: SandboxPerson) => boolean, story: (p: SandboxPerson) => Text])[] = [
  [
    (p) => p.master !== undefined,
    ({ master = '' }) =>
      text(
        `Duplikaatti: sama ihminen kuin ${master}. Haku masterilla antaa ${master}.`,
        `A duplicate: the same human being as ${master}. A look-up of the master gives ${master}.`,
      ),
  ],
  [
    (p) => p.kuolinpaiva !== undefined,
    ({ kuolinpaiva = '' }) =>
      text(
        `Kuollut ${kuolinpaiva}; yöllinen siivous poistaa yhteystiedot ja passivoi.`,
        `Died ${kuolinpaiva}; the nightly clean-up removes the contact details and takes the person out of use.`,
      ),
  ],
  [(p) => p.passivoitu === true, () => text('Poissa käytöstä (passivoitu).', 'Out of use.')],
  [
    (p) => p.vtjNimet !== undefined,
    () =>
      text(
        'VTJ:ssä on muu nimi: yksilöinti jää odottamaan virkailijaa.',
        'VTJ has another name: the identification waits for an official to compare.',
      ),
  ],
  [
    (p) => p.yksilointi === 'eidas',
    () => text('Tunnistautunut eIDASilla, ei hetua.', 'Identified by a foreign electronic identity (eIDAS), no hetu.'),
  ],
  [
    (p) => p.yksilointi === 'virkailija',
    () => text('Virkailija on yksilöinyt käsin, ilman hetua.', 'Identified by hand by an official, without a hetu.'),
  ],
  [
    (p) => p.yksilointi === null && p.hetu !== null && !p.vtj,
    () => text('Odottaa yksilöintiä; VTJ ei tunne hetua.', 'Waits for the identification; VTJ does not know the hetu.'),
  ],
  [
    (p) => p.yksilointi === null && p.hetu !== null,
    () => text('Odottaa yksilöintiä: VTJ tuntee hetun.', 'Waits for the identification: VTJ knows the hetu.'),
  ],
  [
    (p) => p.yksilointi === null,
    () =>
      text(
        'Ei hetua eikä yksilöintiä: ehkä joku muu samanniminen? Kokeile duplikaattihakua.',
        'No hetu, not identified: perhaps somebody else of that name? Try the search for duplicates.',
      ),
  ],
  [() => true, () => text('Yksilöity VTJ:stä.', 'Identified against VTJ.')],
];

const FURTHER: typeof KINDS = [
  [
    (p) => p.turvakielto === true,
    () =>
      text('Turvakielto: osoite ja kotikunta eivät näy.', 'Under turvakielto: address and municipality are hidden.'),
  ],
  [
    (p) => p.huoltajat.length > 0,
    (p) => {
      const names = p.huoltajat.map(([name]) => name).join(', ');
      return text(`Huollettava; huoltajat: ${names}.`, `A ward; guardians: ${names}.`);
    },
  ],
  [
    (p) => p.kotikunnat.length > 1,
    () => text('Muuttanut: kotikuntahistoriaa.', 'Has moved: a history of municipalities.'),
  ],
  [
    (p) => p.kansalaisuus.length > 1,
    (p) => text(`${p.kansalaisuus.length} kansalaisuutta.`, `${p.kansalaisuus.length} citizenships.`),
  ],
  [(p) => p.passinumerot.length > 0, () => text('Passinumero.', 'A passport number.')],
  [
    (p) => Object.keys(p.yhteystiedot).length > 1,
    () => text('Useita yhteystietoryhmiä.', 'Several groups of contact details.'),
  ],
  [(p) => p.tunnisteet.some(([kind]) => kind !== 'eidas'), () => text('Kirjautumistunniste.', 'A login identifier.')],
];

/** What the person shows, as sentences. */
export function storyOf(person: SandboxPerson, kieli: Kieli): string {
  const [first] = KINDS.filter(([holds]) => holds(person));
  const rest = FURTHER.filter(([holds]) => holds(person));
  return [...(first ? [first] : []), ...rest].map(([, story]) => story(person)[kieli]).join(' ');
}
