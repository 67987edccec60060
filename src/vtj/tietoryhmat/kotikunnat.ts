import {
  isSamaAsuminen,
  type AsumisRivi,
  type Asuminen,
  type Asumismuutokset,
} from '../../kotikunta/kotikunta-historia.repository.js';
import { findDate, getText, muutosattribuutti, TietoryhmaError, type Tietoryhma } from './tietoryhma.js';

/** The stays of base data (perustieto): they replace what is stored. Equal ones count once. */
export function toAsumiset(ryhmat: readonly Tietoryhma[]): Asuminen[] {
  const kaikki = ryhmat
    .filter(({ tietoryhma }) => tietoryhma === 'KOTIKUNTA' || tietoryhma === 'EDELLINEN_KOTIKUNTA')
    .map(toAsuminen);
  return kaikki.filter((asuminen, i) => kaikki.findIndex((toinen) => isSamaAsuminen(toinen, asuminen)) === i);
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
    const haettu = () => nykyiset.find((rivi) => isSamaAsuminen(rivi, toAsuminen(ryhma)));
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
      (uusi, i) =>
        !jaavat.some((r) => isSamaAsuminen(r, uusi)) && lisatyt.findIndex((l) => isSamaAsuminen(l, uusi)) === i,
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
