import type { Whose } from '../../src/audit/audited-read.decorator.js';

/** One operation of docs/spec/api.md#4.1. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  /** As Fastify has it. */
  readonly path: string;
  /** Name of the handler, the stem of the operation id. */
  readonly handler: string;
  /** Whose data the answer gives, as @AuditedRead says; null: nobody's. */
  readonly audit: readonly Whose[] | null;
  /** A path that leads to the handler, with values that nobody has. */
  readonly sample: string;
  /** A body that passes validation; null: none is sent. */
  readonly body: unknown;
}

/** Persons that no test has. */
export const NOBODY = '1.2.246.562.24.99999999999';
const NOBODY_EITHER = '1.2.246.562.24.99999999998';
export const HETU = '010190-900P';
/** Nobody's in any test. */
const NEW_HETU = '010190-902S';
/** An import that no test has. */
export const NO_IMPORT = '-1';
/** A login identifier of kind email. */
export const IDENTIFIER = 'nobody@example.fi';
export const SUKUNIMI = 'Testilä';
const NAMES = { etunimet: 'Aatu Eevert', kutsumanimi: 'Aatu', sukunimi: SUKUNIMI };
const EXISTENCE = { ...NAMES, hetu: HETU };
const OPPIJA = {
  ...NAMES,
  syntymaaika: '2000-01-01',
  sukupuoli: '1',
  aidinkieli: { kieliKoodi: 'fi' },
  kansalaisuus: [{ kansalaisuusKoodi: '246' }],
};
const ROW = {
  ...NAMES,
  oid: NOBODY,
  kansalaisuus: [{ koodi: '246' }],
};

const SAMPLES: Readonly<Record<string, string>> = {
  hakutermi: HETU,
  arvo: IDENTIFIER,
  hetu: HETU,
  oid: NOBODY,
  oidHenkilo: NOBODY,
  henkiloOid: NOBODY,
  slaveOid: NOBODY,
  organisaatioOid: '1.2.246.562.10.10000000001',
  idpEntityId: 'email',
  municipal: '091',
  birthdate: '1990-01-01',
  at: '2020-01-01',
  id: NO_IMPORT,
  tuontiId: NO_IMPORT,
};

/** Operations that give data of persons: whose (ADR 86). */
const AUDITS: Readonly<Record<string, readonly Whose[]>> = {
  E03: ['$..oidHenkilo'],
  E04: ['$..oidHenkilo'],
  E05: ['$.*'],
  E06: ['$[*].oidHenkilo'],
  E07: ['caller'],
  E08: ['$..oidHenkilo'],
  E09: ['$[*].oidHenkilo'],
  E11: ['$..oidHenkilo'],
  E15: ['$..oidHenkilo'],
  E16: ['$..oidHenkilo'],
  E18: ['$.oid'],
  E19: ['$[*].oidHenkilo'],
  E20: ['$.*.oidHenkilo'],
  E21: ['#oid'],
  E23: ['$..oidHenkilo'],
  E24: ['#oid'],
  E25: ['#oid'],
  E26: ['#oid'],
  E31: ['#oid'],
  E33: ['$..oidHenkilo'],
  E34: ['$[*].oidHenkilo'],
  E35: ['$[*].oidHenkilo'],
  E36: ['handler'],
  E37: ['$[*].oidHenkilo'],
  E41: ['#oidHenkilo'],
  E42: ['caller'],
  E43: ['caller'],
  E44: ['#oidHenkilo'],
  E45: ['$[*].oidHenkilo'],
  E46: ['$[*].oidHenkilo'],
  E47: ['$.*'],
  E48: ['$.*'],
  E49: ['$'],
  E50: ['$'],
  E51: ['$[*].henkiloOid', '$[*].masterOid'],
  E52: ['$.*'],
  E53: ['$.*'],
  E54: ['$.oidHenkilo'],
  E55: ['$.results[*].oidHenkilo'],
  E56: ['$[*].oidHenkilo'],
  E57: ['$[*].oid'],
  E58: ['$[*].oid'],
  E61: ['$.henkilot[*].henkilo.oid', '$.henkilot[*].henkilo.linked[*]'],
  E65: ['$.content[*].oid'],
  E66: ['$[*].henkiloOid', '$[*].henkilo.oid'],
  E67: ['$.results[*].oid', '$.results[*].master.oid'],
  E71: ['$.oid', '$.linked[*]'],
  E72: ['$.oid', '$.oppijanumero'],
  E74: ['$.henkilot[*].henkilo.oid', '$.henkilot[*].henkilo.linked[*]'],
  E77: ['$.results[*].oid', '$.results[*].serviceUserOid'],
  E78: ['$.content[*].oid'],
};

function operation(
  id: string,
  method: string,
  path: string,
  handler: string,
  { body = null, query = '' }: { body?: unknown; query?: string } = {},
): Operation {
  const sample = path.replace(/:(\w+)/g, (_, name: string) => SAMPLES[name]!).replace(/\*$/, 'x');
  return { id, method, path, handler, audit: AUDITS[id] ?? null, body, sample: sample + query };
}

const H = '/henkilo';

export const OPERATIONS: readonly Operation[] = [
  operation('E01', 'GET', '/cas/prequel', 'requestGet'),
  operation('E02', 'POST', '/cas/prequel', 'requestPost'),
  operation('E03', 'GET', H, 'list', { query: `?hetu=${HETU}` }),
  operation('E04', 'GET', `${H}/hakutermi=:hakutermi`, 'getByHakutermi'),
  operation('E05', 'GET', `${H}/yhteystieto=:arvo/oid`, 'getByYhteystieto'),
  operation('E06', 'POST', `${H}/yhteystiedot`, 'getYhteystiedot', { body: { henkiloOids: [NOBODY] } }),
  operation('E07', 'GET', `${H}/current/hasHetu`, 'hasHetu'),
  operation('E08', 'GET', `${H}/henkiloPerusByHetu/:hetu`, 'henkiloOidHetuNimiByHetu'),
  operation('E09', 'POST', `${H}/henkiloPerustietosByHenkiloOidList`, 'henkilotByHenkiloOidList', {
    body: [NOBODY],
  }),
  operation('E10', 'PUT', H, 'updateHenkilo', { body: { oidHenkilo: NOBODY } }),
  operation('E11', 'GET', `${H}/:oid`, 'findByOid'),
  operation('E12', 'HEAD', `${H}/:oid`, 'oidExists'),
  operation('E13', 'DELETE', `${H}/:oid`, 'passivateHenkilo'),
  operation('E14', 'DELETE', `${H}/:oid/access`, 'removeAccessRights'),
  operation('E15', 'GET', `${H}/:oid/master`, 'getMasterByOid'),
  operation('E16', 'GET', `${H}/hetu=:hetu`, 'getByHetu'),
  operation('E17', 'POST', H, 'createHenkiloFromHenkiloCreateDto', { body: { ...NAMES, sukupuoli: 'nobody' } }),
  operation('E18', 'POST', `${H}/exists`, 'existenceCheck', { body: EXISTENCE }),
  operation('E19', 'POST', `${H}/henkilotByHenkiloOidList`, 'findHenkilotByOidList', { body: [NOBODY] }),
  operation('E20', 'POST', `${H}/masterHenkilosByOidList`, 'masterHenkilosByOidList', { body: [NOBODY] }),
  operation('E21', 'GET', `${H}/:oid/passinumerot`, 'getPassportNumbers'),
  operation('E22', 'POST', `${H}/:oid/passinumerot`, 'setPassportNumbers', { body: ['PASSI'] }),
  operation('E23', 'GET', `${H}/identification`, 'findByIdpAndIdentifier', {
    query: `?idp=email&id=${IDENTIFIER}`,
  }),
  operation('E24', 'GET', `${H}/:oid/identification`, 'getIdentifications'),
  operation('E25', 'POST', `${H}/:oid/identification`, 'addIdentification', {
    body: { idpEntityId: 'email', identifier: 'x' },
  }),
  operation('E26', 'DELETE', `${H}/:oid/identification/:idpEntityId/*`, 'removeIdentification'),
  operation('E27', 'POST', `${H}/:oid/yksiloi`, 'yksiloiManuaalisesti'),
  operation('E28', 'POST', `${H}/:oid/yksiloihetuton`, 'yksiloiHetuton'),
  operation('E29', 'POST', `${H}/:oid/purayksilointi`, 'puraYksilointi'),
  operation('E30', 'PUT', `${H}/:oid/yksilointitiedot`, 'paivitaYksilointitiedot'),
  operation('E31', 'GET', `${H}/:oid/yksilointitiedot`, 'getYksilointitiedot'),
  operation('E32', 'PUT', `${H}/:oid/yksilointitiedot/yliajayksiloimaton`, 'yliajaHenkilonTiedot'),
  operation('E33', 'GET', `${H}/yksilointitiedot`, 'listYksilointitiedot'),
  operation('E34', 'GET', `${H}/:oid/slaves`, 'findSlavesByMasterOid'),
  operation('E35', 'GET', `${H}/:oid/duplicates`, 'findDuplicates'),
  operation('E36', 'GET', `${H}/:oid/hakemukset`, 'getApplications'),
  operation('E37', 'GET', `${H}/duplikaatit`, 'getDuplikaatit', {
    query: `?etunimet=Aatu%20Eevert&kutsumanimi=Aatu&sukunimi=${encodeURIComponent(SUKUNIMI)}`,
  }),
  operation('E38', 'POST', `${H}/:oid/link`, 'linkDuplicates', { body: [NOBODY_EITHER] }),
  operation('E39', 'POST', `${H}/:oid/forcelink`, 'forceLinkDuplicates', { body: [NOBODY_EITHER] }),
  operation('E40', 'DELETE', `${H}/:oid/unlink/:slaveOid`, 'unlinkHenkilo'),
  operation('E41', 'GET', `${H}/:oidHenkilo/asiointiKieli`, 'getAsiointikieli'),
  operation('E42', 'GET', `${H}/current/asiointiKieli`, 'getCurrentUserAsiointikieli'),
  operation('E43', 'GET', `${H}/current/omattiedot`, 'getCurrentUserOmatTiedot'),
  operation('E44', 'GET', `${H}/:oidHenkilo/omattiedot`, 'getUserOmatTiedot'),
  operation('E45', 'POST', `${H}/henkiloPerustietosByHenkiloHetuList`, 'henkilotByHenkiloHetuList', {
    body: [HETU],
  }),
  operation('E46', 'GET', `${H}/:oid/huoltajat`, 'getHenkiloHuoltajat'),
  operation('E47', 'GET', `${H}/huoltajasuhdemuutokset`, 'getHuoltajaSuhdeMuutokset', {
    query: '?startdate=2099-01-01&enddate=2099-01-01',
  }),
  operation('E48', 'GET', `${H}/huoltajasuhdemuutokset/alkaen/:at`, 'getHuoltajaSuhdeMuutokset'),
  operation('E49', 'GET', '/s2s/oidByHetu/:hetu', 'oidByHetu'),
  operation('E50', 'POST', '/s2s/oidByEidas', 'oidByEidasTunniste', { body: {} }),
  operation('E51', 'POST', '/s2s/duplicateHenkilos', 'findDuplicateHenkilos', { body: { henkiloOids: [NOBODY] } }),
  operation('E52', 'GET', '/s2s/changedSince/:at', 'findChangedPersons'),
  operation('E53', 'POST', '/s2s/changedSince/:at', 'findChangedPersons', { body: { henkiloOids: [NOBODY] } }),
  operation('E54', 'POST', '/s2s/findOrCreateHenkiloPerustieto', 'createNewHenkilo', {
    body: { oidHenkilo: NOBODY },
  }),
  operation('E55', 'GET', '/s2s/henkilo/list/:municipal/:birthdate', 'findByMunicipalAndBirthdate'),
  operation('E56', 'POST', '/s2s/henkilo/perustiedotAsAdmin', 'listAsAdmin', { body: { henkiloOids: [NOBODY] } }),
  operation('E57', 'POST', '/s2s/henkilo/kotikuntahistoria', 'getKotikuntaHistoria', { body: [NOBODY] }),
  operation('E58', 'POST', '/s2s/henkilo/kotikuntahistoria/turvakielto', 'getTurvakieltoKotikuntaHistoria', {
    body: [NOBODY],
  }),
  operation('E59', 'POST', '/oppija', 'create', { body: { ...OPPIJA, sukupuoli: 'nobody' } }),
  operation('E60', 'PUT', '/oppija', 'create', {
    body: { henkilot: [{ henkilo: { ...ROW, sukupuoli: { koodi: 'nobody' } } }] },
  }),
  operation('E61', 'GET', '/oppija/tuonti=:id', 'getOppijatByTuontiId'),
  operation('E62', 'POST', '/oppija/tuonti=:id', 'create'),
  operation('E63', 'GET', '/oppija/tuonti=:id/perustiedot', 'getTuontiById'),
  operation('E64', 'GET', '/oppija/yhteenveto', 'getYhteenveto'),
  operation('E65', 'GET', '/oppija/tuontikooste', 'tuontiKooste'),
  operation('E66', 'GET', '/oppija/tuontidata/:tuontiId', 'tuontiData'),
  operation('E67', 'GET', '/oppija/muuttuneet', 'getMuuttuneet', { query: '?count=100' }),
  operation('E68', 'POST', '/oppija/:henkiloOid/organisaatio', 'addKayttajanOrganisaatiot'),
  operation('E69', 'PUT', '/oppija/:henkiloOid/organisaatio/:organisaatioOid', 'addOrganisaatio'),
  operation('E70', 'DELETE', '/oppija/:henkiloOid/organisaatio/:organisaatioOid', 'deleteOrganisaatio'),
  operation('E71', 'GET', '/yleistunniste/hae/:oid', 'tarkistaOid'),
  operation('E72', 'POST', '/yleistunniste/hae', 'yleistunnisteenHaku', { body: EXISTENCE }),
  operation('E73', 'PUT', '/yleistunniste', 'create', {
    body: { henkilot: [{ tunniste: 'x', henkilo: { ...NAMES, hetu: NEW_HETU } }] },
  }),
  operation('E74', 'GET', '/yleistunniste/tuonti=:id', 'getOppijatByTuontiId'),
  operation('E75', 'POST', '/yleistunniste/tuonti=:id', 'create'),
  operation('E76', 'GET', '/yleistunniste/tuonti=:id/perustiedot', 'getTuontiById'),
  operation('E77', 'GET', '/internal/oppijoidentuonti/virheet', 'oppijoidenTuontienVirheet'),
  operation('E78', 'POST', '/internal/oppijahaku', 'oppijahaku', { body: { query: NOBODY, page: 0 } }),
  operation('E79', 'GET', '/internal/tila', 'getTila'),
  operation('E80', 'GET', '/internal/tila/ajo', 'confirm', { query: '?nimi=EmailRetryTask' }),
  operation('E81', 'POST', '/internal/tila/ajo', 'start'),
];
