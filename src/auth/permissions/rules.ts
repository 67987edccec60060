/**
 * The permission expressions of docs/spec/api.md#3, verbatim: they are published in the OpenAPI document and read by henkilo-ui,
 * and they are what is checked (rule-compiler.ts). Keys as in the specification.
 */
const APP = 'ROLE_APP_OPPIJANUMEROREKISTERI';

export const S1 = `isAuthenticated()`;
export const S2 = `hasAnyRole('${APP}_READ','${APP}_REKISTERINPITAJA','${APP}_REKISTERINPITAJA_READ','${APP}_HENKILON_RU')`;
export const S3 = `hasAnyRole('${APP}_READ','${APP}_HENKILON_RU','${APP}_REKISTERINPITAJA_READ','${APP}_REKISTERINPITAJA')`;
export const S4 = `hasAnyRole('${APP}_REKISTERINPITAJA','${APP}_REKISTERINPITAJA_READ')`;
export const S5 = `hasAnyRole('${APP}_REKISTERINPITAJA','${APP}_REKISTERINPITAJA_READ','${APP}_HENKILON_RU')`;
export const S6 = `hasAnyRole('${APP}_REKISTERINPITAJA','${APP}_HENKILON_RU')`;
export const S7 = `hasAnyRole('${APP}_REKISTERINPITAJA', '${APP}_YLEISTUNNISTE_LUONTI')`;
export const S8 = `hasAnyRole('${APP}_REKISTERINPITAJA')`;
export const S9 = `hasAnyRole('${APP}_REKISTERINPITAJA', 'ROLE_APP_HENKILONHALLINTA_OPHREKISTERI')`;
export const S10 = `hasAnyRole('${APP}_REKISTERINPITAJA','${APP}_REKISTERINPITAJA_READ','APP_OPPIJANUMEROREKISTERI_OPPIJOIDENTUONTI')`;
export const S11 = `@permissionChecker.isSuperUser()`;
export const S12 = `hasAnyRole('APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA','APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA_READ')`;
export const S13 = `hasAnyRole('APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA','APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA_READ','APP_OPPIJANUMEROREKISTERI_DUPLICATE_READ')`;
export const S14 = `hasAnyRole('APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA')`;
export const S15 = `hasAnyRole('APP_OPPIJANUMEROREKISTERI_KOTIKUNTAHISTORIA')`;
export const S16 = `hasAnyRole('APP_OPPIJANUMEROREKISTERI_TURVAKIELTOKOTIKUNTAHISTORIA')`;
export const S17 = `hasAnyRole('APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA','APP_OPPIJANUMEROREKISTERI_OPPIJOIDENTUONTI')`;
export const S18 = `hasAnyRole('APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA','APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA_READ','APP_OPPIJANUMEROREKISTERI_OPPIJOIDENTUONTI')`;
export const S19 = `hasAnyRole('APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA','','APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA_READ','APP_OPPIJANUMEROREKISTERI_OPPIJOIDENTUONTI')`;
export const S20 = `hasAnyRole('APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA','APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA_READ','APP_OPPIJANUMEROREKISTERI_TUONTIDATA_READ')`;
export const S21 = `hasAnyRole('APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA_1.2.246.562.10.00000000001')`;
export const S22 = `hasAnyRole(T(fi.vm.sade.oppijanumerorekisteri.services.impl.PermissionCheckerImpl).YLEISTUNNISTE_LUONTI_ACCESS_RIGHT)`;

export const P1 = `@permissionChecker.isAllowedToReadPerson(#oid, {'OPPIJANUMEROREKISTERI': {'READ', 'HENKILON_RU'}, 'KAYTTOOIKEUS': {'PALVELUKAYTTAJA_CRUD'}}, #permissionService)`;
export const P1b = P1.replace('#oid', '#oidHenkilo');
export const P2 = `@permissionChecker.isAllowedToReadPerson(#oid, {'OPPIJANUMEROREKISTERI': {'READ', 'HENKILON_RU'}}, #permissionService)`;
export const P3 = `@permissionChecker.isAllowedToReadPerson(#oid, {'OPPIJANUMEROREKISTERI': {'DUPLIKAATTINAKYMA'}}, #permissionService)`;
export const P4 = `@permissionChecker.isAllowedToModifyPerson(#henkiloUpdateDto.oidHenkilo, {'KAYTTOOIKEUS': {'PALVELUKAYTTAJA_CRUD'}, 'OPPIJANUMEROREKISTERI': {'HENKILON_RU'}}, #permissionService)`;
export const P5 = `@permissionChecker.isAllowedToModifyPerson(#henkiloOid, {'OPPIJANUMEROREKISTERI': {'MANUAALINEN_YKSILOINTI'}}, #permissionService)`;
export const P5b = `@permissionChecker.isAllowedToModifyPerson(#henkiloOid, {'OPPIJANUMEROREKISTERI': {'MANUAALINEN_YKSILOINTI'}} , #permissionService )`;
export const P6 = `@permissionChecker.isAllowedToModifyPerson(#oid, {'OPPIJANUMEROREKISTERI': {'VTJ_VERTAILUNAKYMA'}}, #permissionService)`;

export const R1 = `@permissionChecker.isAllowedToReadPerson(returnObject.oidHenkilo, {'OPPIJANUMEROREKISTERI': {'READ', 'HENKILON_RU'}}, #permissionService)`;
export const R2 = `@permissionChecker.isAllowedToReadPerson(returnObject.oidHenkilo, {'OPPIJANUMEROREKISTERI': {'HENKILON_RU'}}, #permissionService)`;
export const R3 = `@permissionChecker.isAllowedToReadPerson(returnObject.oidHenkilo, {'OPPIJANUMEROREKISTERI': {'READ', 'HENKILON_RU'}}, null)`;

/** The permission is checked in code (E38, E39); nothing is published. */
export const IN_CODE = '(in code)';
/** Anyone, also without login: health, API documents and the login itself. */
export const OPEN = '(open)';
