import type { Piilotus } from '../../auth/permissions/suojattujen-nakyvyys.service.js';
import type { HenkiloRivi } from '../../henkilo/luku/henkilo-rivi.sql.js';
import { OsaValinta, type Osat } from '../../henkilo/luku/osat.repository.js';
import { oppijanumeroOf } from '../../henkilo/luku/yksilointi.rules.js';
import type { Koodit } from '../../integrations/koodisto/koodisto.client.js';
import type { FilteredStudent, KoodiNimiReadDto, OppijaReadDto } from '../dto/oppija-tuonti.dto.js';
import type { Linkitys } from '../../henkiloviite/henkiloviite.repository.js';

/** The parts that `toOppijaReadDto` needs. */
export const OPPIJA_OSAT = new OsaValinta('kansalaisuus', 'yhteystiedotRyhma');

/** The code lists whose names an answer shows. */
export interface OppijaKoodistot {
  readonly sukupuoli: Koodit;
  readonly kieli: Koodit;
  readonly kansalaisuus: Koodit;
  readonly kunta: Koodit;
}

/**
 * A learner (docs/spec/duplicates-tuonti-yleistunniste.md#7.2). The home municipality of a person under turvakielto never leaves.
 * @param linkitys null: links are not shown, and the oppijanumero is the person's own
 */
export function toOppijaReadDto(
  henkilo: HenkiloRivi,
  osat: Osat,
  hides: Piilotus,
  koodistot: OppijaKoodistot,
  linkitys: Linkitys | null,
): OppijaReadDto {
  const { kansalaisuus, yhteystiedotRyhma } = osat.of(henkilo);
  const hidden = hides(henkilo);
  const kieliKoodi = osat.kieli(henkilo.aidinkieliId)?.kieliKoodi?.toUpperCase();
  return {
    oid: henkilo.oidHenkilo,
    oppijanumero: oppijanumeroOrMasterOf(henkilo, linkitys),
    luotu: henkilo.created,
    muokattu: henkilo.modified,
    hetu: henkilo.hetu,
    etunimet: henkilo.etunimet,
    kutsumanimi: henkilo.kutsumanimi,
    sukunimi: henkilo.sukunimi,
    syntymaaika: henkilo.syntymaaika,
    sukupuoli: toKoodiNimi(henkilo.sukupuoli, koodistot.sukupuoli),
    aidinkieli: toKoodiNimi(kieliKoodi, koodistot.kieli),
    kansalaisuus: kansalaisuus.map(({ kansalaisuusKoodi }) => toKoodiNimi(kansalaisuusKoodi, koodistot.kansalaisuus)!),
    kotikunta: henkilo.turvakielto || hidden ? null : toKoodiNimi(henkilo.kotikunta, koodistot.kunta),
    yhteystiedotRyhma: hidden ? [] : yhteystiedotRyhma,
    passivoitu: henkilo.passivoitu,
    ...(linkitys && { linked: [...linkitys.linked] }),
  };
}

/** A learner whom the organisations of the import did not gain: as `toFilteredStudent` in the shape of a whole one. */
export function toUnseenOppija(henkilo: HenkiloRivi, linkitys: Linkitys): OppijaReadDto {
  return {
    ...toFilteredStudent(henkilo, linkitys),
    luotu: henkilo.created,
    muokattu: henkilo.modified,
    hetu: null,
    etunimet: null,
    kutsumanimi: null,
    sukunimi: null,
    syntymaaika: null,
    sukupuoli: null,
    aidinkieli: null,
    kansalaisuus: [],
    kotikunta: null,
    yhteystiedotRyhma: [],
  };
}

/** A learner without personal data (docs/spec/duplicates-tuonti-yleistunniste.md#9). */
export function toFilteredStudent(henkilo: HenkiloRivi, linkitys: Linkitys): FilteredStudent {
  return {
    oid: henkilo.oidHenkilo,
    oppijanumero: oppijanumeroOrMasterOf(henkilo, linkitys),
    passivoitu: henkilo.passivoitu,
    linked: [...linkitys.linked],
  };
}

/** The own OID of a person identified by any method, else that of the master, identified or not (docs/spec/duplicates-tuonti-yleistunniste.md#O-5). */
function oppijanumeroOrMasterOf(henkilo: HenkiloRivi, linkitys: Linkitys | null): string | null {
  return oppijanumeroOf(henkilo) ?? linkitys?.masterOid ?? null;
}

function toKoodiNimi(koodi: string | null | undefined, koodisto: Koodit): KoodiNimiReadDto | null {
  if (!koodi) return null;
  const nimi = koodisto.find(koodi)?.nimi;
  return { koodi, nimi: { FI: nimi?.FI ?? null, SV: nimi?.SV ?? null, EN: nimi?.EN ?? null } };
}
