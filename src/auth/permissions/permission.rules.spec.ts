import { onr, READ_RIGHTS, UPDATE_RIGHTS } from './rights.constants.js';
import {
  anyAuthority,
  anyRole,
  decidedByHandler,
  foundPerson,
  loggedIn,
  MAY_CREATE_YLEISTUNNISTE,
  mayModify,
  mayRead,
  openToAll,
  person,
  publishedAs,
  spaced,
  superUser,
  withoutExternalService,
  withoutPrefix,
  type Rule,
} from './permission.rules.js';

it.each<[() => Rule, string | null]>([
  [() => loggedIn(), 'isAuthenticated()'],
  [() => openToAll(), null],
  [() => decidedByHandler(), null],
  [() => superUser(), '@permissionChecker.isSuperUser()'],
  [
    () => anyRole('REKISTERINPITAJA', 'READ'),
    "hasAnyRole('ROLE_APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA','ROLE_APP_OPPIJANUMEROREKISTERI_READ')",
  ],
  [
    () => withoutPrefix(anyRole('REKISTERINPITAJA', 'READ')),
    "hasAnyRole('APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA','APP_OPPIJANUMEROREKISTERI_READ')",
  ],
  [() => spaced(anyAuthority('ROLE_A', 'ROLE_B')), "hasAnyRole('ROLE_A', 'ROLE_B')"],
  [
    () => mayRead(person('oid')),
    "@permissionChecker.isAllowedToReadPerson(#oid, {'OPPIJANUMEROREKISTERI': {'READ', 'HENKILON_RU'}, 'KAYTTOOIKEUS': {'PALVELUKAYTTAJA_CRUD'}}, #permissionService)",
  ],
  [
    () => mayModify(person('henkiloUpdateDto', 'oidHenkilo'), UPDATE_RIGHTS),
    "@permissionChecker.isAllowedToModifyPerson(#henkiloUpdateDto.oidHenkilo, {'KAYTTOOIKEUS': {'PALVELUKAYTTAJA_CRUD'}, 'OPPIJANUMEROREKISTERI': {'HENKILON_RU'}}, #permissionService)",
  ],
  [
    () => withoutExternalService(mayRead(foundPerson('oidHenkilo'), READ_RIGHTS)),
    "@permissionChecker.isAllowedToReadPerson(returnObject.oidHenkilo, {'OPPIJANUMEROREKISTERI': {'READ', 'HENKILON_RU'}}, null)",
  ],
  [() => publishedAs('in words', mayRead(person('oid'), onr('READ'))), 'in words'],
])('rule %# of these publishes its expression', (make, text) => expect(make().published).toBe(text));

it('says who passes without a right, and the only right that passes everywhere', () => {
  expect(loggedIn()).toEqual({ kind: 'everyone', login: true, published: 'isAuthenticated()' });
  expect(openToAll()).toEqual({ kind: 'everyone', login: false, published: null });
  expect(decidedByHandler()).toEqual({ kind: 'everyone', login: true, published: null });
  expect(superUser()).toEqual({
    kind: 'anyAuthority',
    authorities: ['ROLE_APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA_1.2.246.562.10.00000000001'],
    published: '@permissionChecker.isSuperUser()',
  });
  expect(MAY_CREATE_YLEISTUNNISTE).toEqual({
    kind: 'anyAuthority',
    authorities: ['ROLE_APP_OPPIJANUMEROREKISTERI_YLEISTUNNISTE_LUONTI'],
    published:
      'hasAnyRole(T(fi.vm.sade.oppijanumerorekisteri.services.impl.PermissionCheckerImpl).YLEISTUNNISTE_LUONTI_ACCESS_RIGHT)',
  });
});

it('names the authorities that pass, however they are published', () => {
  const authorities = ['ROLE_APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA', 'ROLE_APP_OPPIJANUMEROREKISTERI_HENKILON_RU'];
  const rule = anyRole('REKISTERINPITAJA', 'HENKILON_RU');
  for (const form of [rule, withoutPrefix(rule), spaced(rule), publishedAs('x', rule)])
    expect(form).toMatchObject({ kind: 'anyAuthority', authorities });
});

it('says whose person, which rights and whether another service is asked', () => {
  expect(mayModify(person('henkiloUpdateDto', 'oidHenkilo'), onr('HENKILON_RU'))).toMatchObject({
    kind: 'person',
    action: 'modify',
    person: { from: 'argument', name: 'henkiloUpdateDto', member: 'oidHenkilo' },
    rights: { OPPIJANUMEROREKISTERI: ['HENKILON_RU'] },
    asksExternalService: true,
  });
  expect(withoutExternalService(mayRead(foundPerson('oidHenkilo')))).toMatchObject({
    action: 'read',
    person: { from: 'result', member: 'oidHenkilo' },
    rights: { OPPIJANUMEROREKISTERI: ['READ', 'HENKILON_RU'], KAYTTOOIKEUS: ['PALVELUKAYTTAJA_CRUD'] },
    asksExternalService: false,
  });
});
