import { compileRule } from './rule-compiler.js';
import * as rules from './rules.js';

it('knows every expression of the rules', () => {
  for (const expression of Object.values(rules)) expect(() => compileRule(expression)).not.toThrow();
});

it('adds ROLE_ where it is missing, and grants nothing for an empty name', () => {
  expect(compileRule(rules.S19)).toEqual({
    kind: 'anyRole',
    authorities: ['REKISTERINPITAJA', 'REKISTERINPITAJA_READ', 'OPPIJOIDENTUONTI'].map(
      (right) => `ROLE_APP_OPPIJANUMEROREKISTERI_${right}`,
    ),
  });
  expect(compileRule(rules.S9)).toMatchObject({
    authorities: ['ROLE_APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA', 'ROLE_APP_HENKILONHALLINTA_OPHREKISTERI'],
  });
  expect(compileRule(rules.S22)).toMatchObject({
    authorities: ['ROLE_APP_OPPIJANUMEROREKISTERI_YLEISTUNNISTE_LUONTI'],
  });
});

it('reads whose person, which rights and whose service', () => {
  expect(compileRule(rules.P4)).toEqual({
    kind: 'person',
    action: 'modify',
    person: { from: 'argument', name: 'henkiloUpdateDto', member: 'oidHenkilo' },
    rights: { KAYTTOOIKEUS: ['PALVELUKAYTTAJA_CRUD'], OPPIJANUMEROREKISTERI: ['HENKILON_RU'] },
    externalService: 'permissionService',
  });
  expect(compileRule(rules.R3)).toEqual({
    kind: 'person',
    action: 'read',
    person: { from: 'result', member: 'oidHenkilo' },
    rights: { OPPIJANUMEROREKISTERI: ['READ', 'HENKILON_RU'] },
    externalService: null,
  });
  expect(compileRule(rules.P5b)).toEqual(compileRule(rules.P5));
});

it.each(['permitAll()', 'hasAnyRole()', "hasRole('X')", '', '@permissionChecker.isAllowedToReadPerson(oid, {}, null)'])(
  'refuses %p at start',
  (expression) => expect(() => compileRule(expression)).toThrow(),
);
