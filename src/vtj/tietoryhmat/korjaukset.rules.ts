import { TUNTEMATON_KUNTA } from '../../kotikunta/kotikunta.constants.js';
import { isKutsumanimiOf } from '../../common/kutsumanimi.js';
import { isContactEmail } from '../../common/sahkoposti.js';
import type { Koodistot } from '../../integrations/koodisto/koodisto.client.js';
import type { Huoltaja, VtjMuutos } from './vtj-muutos.model.js';

const TUNTEMATON_KIELI = '99';
const TUNTEMATON_MAA = '998';

/**
 * Makes storable what VTJ gives and the code sets or rules do not know, instead of refusing the whole change
 * (docs/spec/yksilointi-vtj.md#5.9). What is not there stays so.
 * @param nimet of the person, to complete a change that gives one of the two names
 * @param koodistot `hasKieli` takes the upper-case code
 */
export function korjaa(
  muutos: VtjMuutos,
  nimet: { etunimet: string; kutsumanimi: string },
  koodistot: Koodistot,
): VtjMuutos {
  const { kotikunta, aidinkieli, kansalaisuudet, huoltajat } = muutos;
  const maa = (koodi: string) => (koodistot.hasMaa(koodi) ? koodi : TUNTEMATON_MAA);
  const korjattu: VtjMuutos = {
    ...muutos,
    yhteystiedotRyhma: muutos.yhteystiedotRyhma.map(ilmanVirheellisiaSahkoposteja),
  };
  if (kotikunta !== null && !koodistot.hasKunta(kotikunta)) korjattu.kotikunta = TUNTEMATON_KUNTA;
  if (aidinkieli !== undefined && !koodistot.hasKieli(aidinkieli.toUpperCase())) korjattu.aidinkieli = TUNTEMATON_KIELI;
  if (kansalaisuudet) korjattu.kansalaisuudet = kansalaisuudet.map(maa);
  if (huoltajat) korjattu.huoltajat = huoltajat.map((huoltaja) => korjaaHuoltaja(huoltaja, maa));
  if (muutos.etunimet !== undefined || muutos.kutsumanimi !== undefined) {
    const etunimet = muutos.etunimet ?? nimet.etunimet;
    if (!isKutsumanimiOf(muutos.kutsumanimi ?? nimet.kutsumanimi, etunimet)) korjattu.kutsumanimi = etunimet;
  }
  return korjattu;
}

function korjaaHuoltaja(huoltaja: Huoltaja, maa: (koodi: string) => string): Huoltaja {
  if ('pysyva' in huoltaja || !huoltaja.tiedot.kansalaisuudet) return huoltaja;
  return { tiedot: { ...huoltaja.tiedot, kansalaisuudet: huoltaja.tiedot.kansalaisuudet.map(maa) } };
}

/** In every group, also in those that a user entered; a group left empty is not stored. */
function ilmanVirheellisiaSahkoposteja<R extends VtjMuutos['yhteystiedotRyhma'][number]>(ryhma: R): R {
  const isVirheellinen = ({ yhteystietoTyyppi, yhteystietoArvo }: R['yhteystieto'][number]) =>
    yhteystietoTyyppi === 'YHTEYSTIETO_SAHKOPOSTI' && Boolean(yhteystietoArvo) && !isContactEmail(yhteystietoArvo!);
  if (!ryhma.yhteystieto.some(isVirheellinen)) return ryhma;
  return {
    ...ryhma,
    yhteystieto: ryhma.yhteystieto.map((arvo) => (isVirheellinen(arvo) ? { ...arvo, yhteystietoArvo: '' } : arvo)),
  };
}
