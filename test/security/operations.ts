import type { Whose } from '../../src/audit/audited-read.js';
import * as rules from '../../src/auth/permissions/rules.js';

/** One operation of docs/spec/api.md#4.1. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  /** As Fastify has it. */
  readonly path: string;
  /** Name of the handler, the stem of the operation id. */
  readonly handler: string;
  readonly pre: string | null;
  readonly post: string | null;
  /** Whose data the answer gives, as @AuditedRead says; null: nobody's. */
  readonly audit: readonly Whose[] | null;
  /** Everybody may call it about himself, without a right (ADR 81). */
  readonly own: boolean;
  /** A path that leads to the handler, with values that nobody has. */
  readonly sample: string;
  /** A body that passes validation; null: none is sent. */
  readonly body: unknown;
}

/** A person that no test has. */
export const NOBODY = '1.2.246.562.24.99999999999';
const HETU = '010190-900P';
const NAMES = { etunimet: 'Aku', kutsumanimi: 'Aku', sukunimi: 'Ankka' };
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
  hakutermi: 'nobody',
  arvo: 'nobody@example.fi',
  hetu: HETU,
  oid: NOBODY,
  oidHenkilo: NOBODY,
  henkiloOid: NOBODY,
  slaveOid: NOBODY,
  organisaatioOid: '1.2.246.562.10.10000000001',
  idpEntityId: 'email',
  municipal: '091',
  birthdate: '2020-01-01',
  at: '2099-01-01',
  id: '-1',
  tuontiId: '-1',
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

type Rest = Partial<Pick<Operation, 'post' | 'own' | 'body'>> & { query?: string };

function operation(
  id: string,
  method: string,
  path: string,
  handler: string,
  pre: string | null,
  rest: Rest = {},
): Operation {
  const { post = null, own = false, body = null, query = '' } = rest;
  const sample = path.replace(/:(\w+)/g, (_, name: string) => SAMPLES[name]!).replace(/\*$/, 'x');
  return { id, method, path, handler, pre, post, audit: AUDITS[id] ?? null, own, body, sample: sample + query };
}

const { S1, S2, S3, S4, S5, S6, S7, S8, S9, S10, S11, S12, S13, S14, S15, S16, S17, S18, S19, S20, S21, S22 } = rules;
const { P1, P1b, P2, P3, P4, P5, P5b, P6, R1, R2, R3, IN_CODE } = rules;
const H = '/henkilo';

export const OPERATIONS: readonly Operation[] = [
  operation('E01', 'GET', '/cas/prequel', 'requestGet', S1),
  operation('E02', 'POST', '/cas/prequel', 'requestPost', S1),
  operation('E03', 'GET', H, 'list', S2),
  operation('E04', 'GET', `${H}/hakutermi=:hakutermi`, 'getByHakutermi', S3, { post: R1, own: true }),
  operation('E05', 'GET', `${H}/yhteystieto=:arvo/oid`, 'getByYhteystieto', S4),
  operation('E06', 'POST', `${H}/yhteystiedot`, 'getYhteystiedot', S4, { body: { henkiloOids: [] } }),
  operation('E07', 'GET', `${H}/current/hasHetu`, 'hasHetu', S1),
  operation('E08', 'GET', `${H}/henkiloPerusByHetu/:hetu`, 'henkiloOidHetuNimiByHetu', null, {
    post: R2,
    own: true,
  }),
  operation('E09', 'POST', `${H}/henkiloPerustietosByHenkiloOidList`, 'henkilotByHenkiloOidList', S5, {
    body: [],
  }),
  operation('E10', 'PUT', H, 'updateHenkilo', P4, { own: true, body: { oidHenkilo: NOBODY } }),
  operation('E11', 'GET', `${H}/:oid`, 'findByOid', P1, { own: true }),
  operation('E12', 'HEAD', `${H}/:oid`, 'oidExists', P1, { own: true }),
  operation('E13', 'DELETE', `${H}/:oid`, 'passivateHenkilo', S6),
  operation('E14', 'DELETE', `${H}/:oid/access`, 'removeAccessRights', S6),
  operation('E15', 'GET', `${H}/:oid/master`, 'getMasterByOid', P1, { own: true }),
  operation('E16', 'GET', `${H}/hetu=:hetu`, 'getByHetu', null, { post: R1, own: true }),
  operation('E17', 'POST', H, 'createHenkiloFromHenkiloCreateDto', S7, { body: { ...NAMES, sukupuoli: 'nobody' } }),
  operation('E18', 'POST', `${H}/exists`, 'existenceCheck', S7, { body: EXISTENCE }),
  operation('E19', 'POST', `${H}/henkilotByHenkiloOidList`, 'findHenkilotByOidList', S2, { body: [] }),
  operation('E20', 'POST', `${H}/masterHenkilosByOidList`, 'masterHenkilosByOidList', S5, { body: [] }),
  operation('E21', 'GET', `${H}/:oid/passinumerot`, 'getPassportNumbers', S8),
  operation('E22', 'POST', `${H}/:oid/passinumerot`, 'setPassportNumbers', S8, { body: [] }),
  operation('E23', 'GET', `${H}/identification`, 'findByIdpAndIdentifier', null, {
    post: R3,
    own: true,
    query: '?idp=email&id=nobody',
  }),
  operation('E24', 'GET', `${H}/:oid/identification`, 'getIdentifications', S4),
  operation('E25', 'POST', `${H}/:oid/identification`, 'addIdentification', S8, {
    body: { idpEntityId: 'email', identifier: 'x' },
  }),
  operation('E26', 'DELETE', `${H}/:oid/identification/:idpEntityId/*`, 'removeIdentification', S9),
  operation('E27', 'POST', `${H}/:oid/yksiloi`, 'yksiloiManuaalisesti', P5),
  operation('E28', 'POST', `${H}/:oid/yksiloihetuton`, 'yksiloiHetuton', P5b),
  operation('E29', 'POST', `${H}/:oid/purayksilointi`, 'puraYksilointi', S11),
  operation('E30', 'PUT', `${H}/:oid/yksilointitiedot`, 'paivitaYksilointitiedot', S8),
  operation('E31', 'GET', `${H}/:oid/yksilointitiedot`, 'getYksilointitiedot', P2),
  operation('E32', 'PUT', `${H}/:oid/yksilointitiedot/yliajayksiloimaton`, 'yliajaHenkilonTiedot', P6),
  operation('E33', 'GET', `${H}/yksilointitiedot`, 'listYksilointitiedot', S4),
  operation('E34', 'GET', `${H}/:oid/slaves`, 'findSlavesByMasterOid', P2, { own: true }),
  operation('E35', 'GET', `${H}/:oid/duplicates`, 'findDuplicates', P3),
  operation('E36', 'GET', `${H}/:oid/hakemukset`, 'getApplications', P3),
  operation('E37', 'GET', `${H}/duplikaatit`, 'getDuplikaatit', S10, {
    query: '?etunimet=a&kutsumanimi=a&sukunimi=a',
  }),
  operation('E38', 'POST', `${H}/:oid/link`, 'linkDuplicates', IN_CODE, { body: [] }),
  operation('E39', 'POST', `${H}/:oid/forcelink`, 'forceLinkDuplicates', IN_CODE, { body: [] }),
  operation('E40', 'DELETE', `${H}/:oid/unlink/:slaveOid`, 'unlinkHenkilo', S8),
  operation('E41', 'GET', `${H}/:oidHenkilo/asiointiKieli`, 'getAsiointikieli', P1b, { own: true }),
  operation('E42', 'GET', `${H}/current/asiointiKieli`, 'getCurrentUserAsiointikieli', S1),
  operation('E43', 'GET', `${H}/current/omattiedot`, 'getCurrentUserOmatTiedot', S1),
  operation('E44', 'GET', `${H}/:oidHenkilo/omattiedot`, 'getUserOmatTiedot', S4),
  operation('E45', 'POST', `${H}/henkiloPerustietosByHenkiloHetuList`, 'henkilotByHenkiloHetuList', S5, {
    body: [],
  }),
  operation('E46', 'GET', `${H}/:oid/huoltajat`, 'getHenkiloHuoltajat', P1, { own: true }),
  operation('E47', 'GET', `${H}/huoltajasuhdemuutokset`, 'getHuoltajaSuhdeMuutokset', P1, {
    query: '?startdate=2099-01-01&enddate=2099-01-01',
  }),
  operation('E48', 'GET', `${H}/huoltajasuhdemuutokset/alkaen/:at`, 'getHuoltajaSuhdeMuutokset', P1),
  operation('E49', 'GET', '/s2s/oidByHetu/:hetu', 'oidByHetu', S12),
  operation('E50', 'POST', '/s2s/oidByEidas', 'oidByEidasTunniste', S12, { body: {} }),
  operation('E51', 'POST', '/s2s/duplicateHenkilos', 'findDuplicateHenkilos', S13, { body: { henkiloOids: [] } }),
  operation('E52', 'GET', '/s2s/changedSince/:at', 'findChangedPersons', S12),
  operation('E53', 'POST', '/s2s/changedSince/:at', 'findChangedPersons', S12, { body: {} }),
  operation('E54', 'POST', '/s2s/findOrCreateHenkiloPerustieto', 'createNewHenkilo', S14, {
    body: { oidHenkilo: NOBODY },
  }),
  operation('E55', 'GET', '/s2s/henkilo/list/:municipal/:birthdate', 'findByMunicipalAndBirthdate', S14),
  operation('E56', 'POST', '/s2s/henkilo/perustiedotAsAdmin', 'listAsAdmin', S12, { body: {} }),
  operation('E57', 'POST', '/s2s/henkilo/kotikuntahistoria', 'getKotikuntaHistoria', S15, { body: [] }),
  operation('E58', 'POST', '/s2s/henkilo/kotikuntahistoria/turvakielto', 'getTurvakieltoKotikuntaHistoria', S16, {
    body: [],
  }),
  operation('E59', 'POST', '/oppija', 'create', S17, { body: { ...OPPIJA, sukupuoli: 'nobody' } }),
  operation('E60', 'PUT', '/oppija', 'create', S17, {
    body: { henkilot: [{ henkilo: { ...ROW, sukupuoli: { koodi: 'nobody' } } }] },
  }),
  operation('E61', 'GET', '/oppija/tuonti=:id', 'getOppijatByTuontiId', S18),
  operation('E62', 'POST', '/oppija/tuonti=:id', 'create', S17),
  operation('E63', 'GET', '/oppija/tuonti=:id/perustiedot', 'getTuontiById', S19),
  operation('E64', 'GET', '/oppija/yhteenveto', 'getYhteenveto', S18),
  operation('E65', 'GET', '/oppija/tuontikooste', 'tuontiKooste', S18),
  operation('E66', 'GET', '/oppija/tuontidata/:tuontiId', 'tuontiData', S20),
  operation('E67', 'GET', '/oppija/muuttuneet', 'getMuuttuneet', S18),
  operation('E68', 'POST', '/oppija/:henkiloOid/organisaatio', 'addKayttajanOrganisaatiot', S14),
  operation('E69', 'PUT', '/oppija/:henkiloOid/organisaatio/:organisaatioOid', 'addOrganisaatio', S14),
  operation('E70', 'DELETE', '/oppija/:henkiloOid/organisaatio/:organisaatioOid', 'deleteOrganisaatio', S14),
  operation('E71', 'GET', '/yleistunniste/hae/:oid', 'tarkistaOid', S22),
  operation('E72', 'POST', '/yleistunniste/hae', 'yleistunnisteenHaku', S22, { body: EXISTENCE }),
  operation('E73', 'PUT', '/yleistunniste', 'create', S22, {
    body: { henkilot: [{ tunniste: 'x', henkilo: EXISTENCE }] },
  }),
  operation('E74', 'GET', '/yleistunniste/tuonti=:id', 'getOppijatByTuontiId', S22),
  operation('E75', 'POST', '/yleistunniste/tuonti=:id', 'create', S22),
  operation('E76', 'GET', '/yleistunniste/tuonti=:id/perustiedot', 'getTuontiById', S22),
  operation('E77', 'GET', '/internal/oppijoidentuonti/virheet', 'oppijoidenTuontienVirheet', S18),
  operation('E78', 'POST', '/internal/oppijahaku', 'oppijahaku', S21, { body: { query: 'nobody', page: 0 } }),
];
