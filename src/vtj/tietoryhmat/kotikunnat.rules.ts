import {
  isSamaAsuminen,
  type AsumisRivi,
  type Asuminen,
  type Asumismuutokset,
} from '../../kotikunta/kotikunta-historia.repository.js';
import {
  assertGiven,
  findDate,
  findKoodi,
  findPaiva,
  KUNTAKOODI,
  muutosattribuutti,
  TietoryhmaError,
  type Tietoryhma,
} from './tietoryhma.model.js';

/** The stays of base data (perustieto): they replace what is stored. Equal ones count once. */
export function toAsumiset(ryhmat: readonly Tietoryhma[]): Asuminen[] {
  const kaikki = ryhmat
    .filter(({ tietoryhma }) => tietoryhma === 'KOTIKUNTA' || tietoryhma === 'EDELLINEN_KOTIKUNTA')
    .flatMap((ryhma) => findAsuminen(ryhma) ?? []);
  return kaikki.filter((asuminen, i) => kaikki.findIndex((toinen) => isSamaAsuminen(toinen, asuminen)) === i);
}

/**
 * The changes of a message to the stored stays (docs/spec/yksilointi-vtj.md#6.2). A stay that would be there twice is not added
 * again, so that a message taken in twice does no harm (docs/spec/yksilointi-vtj.md#9, item 11).
 * @param rivit in the order of loading: of equal rows the first is meant
 * @throws TietoryhmaError a group of interest cannot be read, or the pair of a correction is missing
 */
export function toAsumismuutokset(rivit: readonly AsumisRivi[], ryhmat: readonly Tietoryhma[]): Asumismuutokset {
  const nykyiset = rivit.map((rivi) => ({ ...rivi }));
  const muutetut = new Set<number>();
  const poistetut = new Set<number>();
  const lisatyt: Asuminen[] = [];
  const etsi = (haettu: Asuminen | undefined) => haettu && nykyiset.find((rivi) => isSamaAsuminen(rivi, haettu));
  const muuta = (rivi: AsumisRivi | undefined, muutos: Partial<Asuminen> | undefined) => {
    if (!rivi || !muutos) return;
    Object.assign(rivi, muutos);
    muutetut.add(rivi.id);
  };

  for (const [i, ryhma] of ryhmat.entries()) {
    const attribuutti = muutosattribuutti(ryhma);
    const edellinen = ryhma.tietoryhma === 'EDELLINEN_KOTIKUNTA';
    if (!edellinen && ryhma.tietoryhma !== 'KOTIKUNTA') continue;
    const asuminen = () => findAsuminen(ryhma);
    if (attribuutti === 'LISATTY') {
      const uusi = asuminen();
      if (uusi) lisatyt.push(uusi);
    } else if (attribuutti === 'POISTETTU') {
      const rivi = etsi(asuminen());
      if (rivi) poistetut.add(rivi.id);
    } else if (edellinen && attribuutti === 'KORJATTAVA') {
      const rivi = etsi(asuminen());
      const pari = ryhmat[i + 1];
      if (rivi && !pari) throw new TietoryhmaError(ryhma, 'KORJATTU', 'is missing');
      if (rivi) muuta(rivi, findAsuminen(pari!));
    } else if (edellinen && attribuutti === 'MUUTETTU') {
      const { kotikunta, kuntaanMuuttopv, kunnastaPoisMuuttopv } = asuminen() ?? {};
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

/**
 * The stay that a group tells; undefined when its municipality is empty. A first day of which only the month or the year is
 * known is unknown; a last day is then the last that it can be, since a stay without one goes on (ADR 87).
 */
function findAsuminen(ryhma: Tietoryhma): Asuminen | undefined {
  assertGiven(ryhma, 'kuntakoodi');
  const kotikunta = findKoodi(ryhma, 'kuntakoodi', KUNTAKOODI);
  const kuntaanMuuttopv = findDate(ryhma, 'kuntaanMuuttopv') ?? null;
  const kunnastaPoisMuuttopv = findPaiva(ryhma, 'kunnastaPoisMuuttopv')?.viimeinen ?? null;
  return kotikunta === undefined ? undefined : { kotikunta, kuntaanMuuttopv, kunnastaPoisMuuttopv };
}
