import type { LocalDate } from '../../common/clock.js';
import { findDate, getText, muutosattribuutti, TietoryhmaError, type Tietoryhma } from './tietoryhma.js';

/** One stay in a municipality. Codes are stored as VTJ gives them, also those that code set kunta does not know. */
export interface Asuminen {
  readonly kotikunta: string;
  /** First day; null: unknown. */
  readonly kuntaanMuuttopv: LocalDate | null;
  /** Day of moving out; null: lives there. */
  readonly kunnastaPoisMuuttopv: LocalDate | null;
}

/** A stored stay. */
export interface AsumisRivi extends Asuminen {
  readonly id: number;
}

/** What a message makes of the stored stays of a person. */
export interface Asumismuutokset {
  readonly lisatyt: readonly Asuminen[];
  readonly muutetut: readonly AsumisRivi[];
  readonly poistetutIds: readonly number[];
}

/** The stays of base data (perustieto): they replace what is stored. Equal ones count once. */
export function toAsumiset(ryhmat: readonly Tietoryhma[]): Asuminen[] {
  const kaikki = ryhmat
    .filter(({ tietoryhma }) => tietoryhma === 'KOTIKUNTA' || tietoryhma === 'EDELLINEN_KOTIKUNTA')
    .map(toAsuminen);
  return kaikki.filter((asuminen, i) => kaikki.findIndex((toinen) => isSama(toinen, asuminen)) === i);
}

/**
 * The changes of a message to the stored stays (spec yksilointi-vtj 6.2). A stay that would be there twice is not added
 * again, so that a message taken in twice does no harm (oddity 11).
 * @param rivit in the order of loading: of equal rows the first is meant
 * @throws TietoryhmaError a group of interest cannot be read, or the pair of a correction is missing
 */
export function toAsumismuutokset(rivit: readonly AsumisRivi[], ryhmat: readonly Tietoryhma[]): Asumismuutokset {
  const nykyiset = rivit.map((rivi) => ({ ...rivi }));
  const muutetut = new Set<number>();
  const poistetut = new Set<number>();
  const lisatyt: Asuminen[] = [];
  const muuta = (rivi: AsumisRivi | undefined, muutos: Partial<Asuminen>) => {
    if (!rivi) return;
    Object.assign(rivi, muutos);
    muutetut.add(rivi.id);
  };

  for (const [i, ryhma] of ryhmat.entries()) {
    const attribuutti = muutosattribuutti(ryhma);
    const edellinen = ryhma.tietoryhma === 'EDELLINEN_KOTIKUNTA';
    if (!edellinen && ryhma.tietoryhma !== 'KOTIKUNTA') continue;
    const haettu = () => nykyiset.find((rivi) => isSama(rivi, toAsuminen(ryhma)));
    if (attribuutti === 'LISATTY') lisatyt.push(toAsuminen(ryhma));
    else if (attribuutti === 'POISTETTU') {
      const rivi = haettu();
      if (rivi) poistetut.add(rivi.id);
    } else if (edellinen && attribuutti === 'KORJATTAVA') {
      const rivi = haettu();
      const pari = ryhmat[i + 1];
      if (rivi && !pari) throw new TietoryhmaError(ryhma, 'KORJATTU', 'is missing');
      if (rivi) muuta(rivi, toAsuminen(pari!));
    } else if (edellinen && attribuutti === 'MUUTETTU') {
      const { kotikunta, kuntaanMuuttopv, kunnastaPoisMuuttopv } = toAsuminen(ryhma);
      const rivi = nykyiset.find((r) => r.kotikunta === kotikunta && r.kuntaanMuuttopv === kuntaanMuuttopv);
      muuta(rivi, { kunnastaPoisMuuttopv });
    }
  }
  const jaavat = nykyiset.filter(({ id }) => !poistetut.has(id));
  return {
    lisatyt: lisatyt.filter(
      (uusi, i) => !jaavat.some((r) => isSama(r, uusi)) && lisatyt.findIndex((l) => isSama(l, uusi)) === i,
    ),
    muutetut: jaavat.filter(({ id }) => muutetut.has(id)),
    poistetutIds: [...poistetut],
  };
}

function toAsuminen(ryhma: Tietoryhma): Asuminen {
  return {
    kotikunta: getText(ryhma, 'kuntakoodi'),
    kuntaanMuuttopv: findDate(ryhma, 'kuntaanMuuttopv') ?? null,
    kunnastaPoisMuuttopv: findDate(ryhma, 'kunnastaPoisMuuttopv') ?? null,
  };
}

function isSama(a: Asuminen, b: Asuminen): boolean {
  return (
    a.kotikunta === b.kotikunta &&
    a.kuntaanMuuttopv === b.kuntaanMuuttopv &&
    a.kunnastaPoisMuuttopv === b.kunnastaPoisMuuttopv
  );
}
