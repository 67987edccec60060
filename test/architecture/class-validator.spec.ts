import { readdirSync } from 'node:fs';
import path from 'node:path';
import { validateSync, type ValidationError } from 'class-validator';
import { type BeanValidationError } from '../../src/common/errors.js';
import { fieldsOf, readObject, type DtoClass } from '../../src/http/binding/fields.js';
import { DtoValidator } from '../../src/http/binding/validate.js';

/*
 * The decorators of DTOs are class-validator's: its own `validateSync` finds the same violations as our `DtoValidator`.
 */

const SRC = path.resolve(__dirname, '../../src');
const modules = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.dto.ts'))
  .map((file) => require(path.join(SRC, file)) as Record<string, unknown>);
const classes = new Map(
  modules
    .flatMap((module) => Object.values(module))
    .filter((value): value is DtoClass => typeof value === 'function' && fieldsOf(value as DtoClass).length > 0)
    .map((type) => [type.name, type]),
);

const EMPTY = 'must not be empty';
const NULL = 'must not be null';
const CANNOT = 'Cannot be empty';
const FROM_1 = 'size must be between 1 and 2147483647';
const TO_255 = 'size must be between 0 and 255';
const TO_600 = 'size must be between 0 and 600';
const EMAIL = 'must be a well-formed email address';
const AT_LEAST_ONE = 'Ainakin yksi kentistä oid/hetu/passinumero/sahkoposti on annettava';
const NICKNAME = 'Nick name must be one of the first names';
const PATTERN = 'Invalid pattern. Must contain an alphabetic character';
const long = 'x'.repeat(601);
const aku = { etunimet: 'Aku', kutsumanimi: 'Aku', sukunimi: 'Ankka' };

const BODIES: readonly [type: string, body: object, violations: readonly string[]][] = [
  ['KielisyysDto', {}, []],
  ['KansalaisuusDto', {}, [`kansalaisuusKoodi: ${EMPTY}`]],
  ['KansalaisuusDto', { kansalaisuusKoodi: 246 }, []],
  ['KoodiUpdateDto', {}, [`koodi: ${NULL}`]],
  ['KoodiUpdateDto', { koodi: long }, [`koodi: ${TO_255}`]],
  [
    'OppijaTuontiRiviHenkiloCreateDto',
    { etunimet: '', kutsumanimi: 'a\0', sukunimi: long, sukupuoli: {}, kansalaisuus: [] },
    [
      `etunimet: ${EMPTY}`,
      'kutsumanimi: must not contain the character U+0000',
      `sukunimi: ${TO_255}`,
      `sukupuoli.koodi: ${NULL}`,
      `kansalaisuus: ${EMPTY}`,
      `null: ${AT_LEAST_ONE}`,
    ],
  ],
  [
    'OppijaTuontiRiviHenkiloCreateDto',
    { ...aku, oid: '', hetu: 'x', sahkoposti: 'x', kansalaisuus: [{ koodi: '246' }, null, {}] },
    [
      `oid: ${FROM_1}`,
      'hetu: invalid.hetu',
      `sahkoposti: ${EMAIL}`,
      `kansalaisuus[1]: ${NULL}`,
      `kansalaisuus[2].koodi: ${NULL}`,
    ],
  ],
  ['OppijaTuontiRiviCreateDto', {}, [`henkilo: ${NULL}`]],
  ['OppijaTuontiCreateDto', {}, [`henkilot: ${EMPTY}`]],
  [
    'OppijaTuontiCreateDto',
    { sahkoposti: '', henkilot: [null, { henkilo: { ...aku, kansalaisuus: [{ koodi: '246' }] } }] },
    [`sahkoposti: ${FROM_1}`, `henkilot[0]: ${NULL}`, `henkilot[1].henkilo: ${AT_LEAST_ONE}`],
  ],
  ['OppijaTuontiCriteria', { nimiHaku: long }, [`nimiHaku: ${TO_600}`]],
  ['AidinkieliDto', { kieliKoodi: '' }, [`kieliKoodi: ${EMPTY}`]],
  [
    'OppijaCreateDto',
    { ...aku, sukupuoli: '1', aidinkieli: {}, kansalaisuus: [null, {}], yhteystiedotRyhma: [null, {}] },
    [
      `syntymaaika: ${NULL}`,
      `aidinkieli.kieliKoodi: ${EMPTY}`,
      `kansalaisuus[]: ${NULL}`,
      `kansalaisuus[].kansalaisuusKoodi: ${EMPTY}`,
      `yhteystiedotRyhma[].ryhmaAlkuperaTieto: ${NULL}`,
    ],
  ],
  [
    'TuontiKoosteRequest',
    { page: 0, pageSize: 2_147_483_648, author: long },
    [
      `author: ${TO_600}`,
      'page: must be greater than or equal to 1',
      'pageSize: must be less than or equal to 2147483647',
    ],
  ],
  [
    'YleistunnisteInputRow',
    { henkilo: { ...aku, hetu: '', kutsumanimi: 'Iines' } },
    [`tunniste: must not be blank`, `tunniste: ${NULL}`, `henkilo.hetu: ${CANNOT}`, `henkilo.nicknameOk: ${NICKNAME}`],
  ],
  ['YleistunnisteInput', {}, [`henkilot: ${NULL}`]],
  ['YleistunnisteInput', { sahkoposti: '', henkilot: [] }, ['henkilot: size must be between 1 and 10000']],
  ['YleistunnisteInput', { sahkoposti: 'x', henkilot: [null] }, [`sahkoposti: ${EMAIL}`, `henkilot[0]: ${NULL}`]],
  [
    'HenkiloExistenceCheckDto',
    {},
    [
      ...['hetu', 'etunimet', 'kutsumanimi', 'sukunimi'].map((field) => `${field}: ${CANNOT}`),
      `nicknameOk: ${NICKNAME}`,
    ],
  ],
  [
    'HenkiloExistenceCheckDto',
    { hetu: '010190-900P', etunimet: 'Aku  Iines', kutsumanimi: 'Aku', sukunimi: ' ' },
    [`etunimet: ${PATTERN}.`, `sukunimi: ${PATTERN}`],
  ],
  ['HenkiloHakuCriteriaDto', { nameQuery: 'a '.repeat(11) }, ['nameQuery: must have at most 10 words']],
  ['HenkiloCriteria', { hetu: 1, nameQuery: long, henkiloOids: [null, 1] }, [`nameQuery: ${TO_600}`]],
  ['HenkiloHakuCriteria', { hetu: 'x' }, []],
  ['OidByEidasRequest', {}, []],
  ['HenkiloUpdateDto', {}, []],
  [
    'HenkiloUpdateDto',
    {
      sukunimi: long,
      hetu: 'x',
      asiointiKieli: { kieliKoodi: 'se' },
      kansalaisuus: [{}, null],
      yhteystiedotRyhma: [null, { ryhmaAlkuperaTieto: 'alkupera2', yhteystieto: [null, {}] }],
    },
    [
      `sukunimi: ${TO_255}`,
      'hetu: invalid.hetu',
      'asiointiKieli: invalid.asiointikieli',
      `kansalaisuus[]: ${NULL}`,
      `yhteystiedotRyhma[]: ${NULL}`,
      `yhteystiedotRyhma[].yhteystieto[].yhteystietoTyyppi: ${NULL}`,
    ],
  ],
  [
    'HenkiloCreateDto',
    { etunimet: '', kutsumanimi: long, kansalaisuus: [null, {}], yhteystiedotRyhma: [null, {}] },
    [
      `etunimet: ${FROM_1}`,
      `kutsumanimi: ${TO_255}`,
      `sukunimi: ${NULL}`,
      `yhteystiedotRyhma[].ryhmaAlkuperaTieto: ${NULL}`,
    ],
  ],
  ['IdentificationDto', { identifier: '' }, [`identifier: ${FROM_1}`, `idpEntityId: ${NULL}`]],
  [
    'HenkiloPerustietoCreateDto',
    { hetu: '010190-900P', eidasTunniste: 'x', etunimet: '', kutsumanimi: 'Aku', identifications: [null, {}] },
    [
      `identifications[0]: ${NULL}`,
      `identifications[1].identifier: ${NULL}`,
      `identifications[1].idpEntityId: ${NULL}`,
      `etunimet: ${FROM_1}`,
      'null: Cannot findOrCreate henkilo with both hetu and eidasTunniste',
      'null: invalid.perustieto',
      'sukunimi: invalid.sukunimi.empty',
      'etunimet: invalid.etunimet.empty',
    ],
  ],
  [
    'YhteystietoDto',
    { yhteystietoTyyppi: 'YHTEYSTIETO_SAHKOPOSTI', yhteystietoArvo: 'x' },
    ['yhteystietoArvoOk: Invalid address data'],
  ],
  [
    'YhteystiedotRyhmaDto',
    { yhteystieto: [{}] },
    [`ryhmaAlkuperaTieto: ${NULL}`, `yhteystieto[].yhteystietoTyyppi: ${NULL}`],
  ],
  ['OppijahakuCriteria', {}, [`query: ${NULL}`, `page: ${NULL}`]],
  [
    'OppijahakuCriteria',
    { query: 'ab', page: -1 },
    ['query: size must be between 3 and 600', 'page: must be greater than or equal to 0'],
  ],
];

function ours(dto: object): string[] {
  try {
    new DtoValidator({ allowFakeSsn: true }).validate(dto);
    return [];
  } catch (error) {
    return (error as BeanValidationError).violations.map(({ field, message }) => `${field}: ${message}`);
  }
}

/** The paths of Bean Validation of what class-validator found. */
function flat(errors: readonly ValidationError[], prefix = ''): string[] {
  return errors.flatMap(({ property, target, value, constraints = {}, children = [] }) => {
    const path = property === '' ? prefix.replace(/\.$/, '') || 'null' : prefix + property;
    const field = fieldsOf(target!.constructor as DtoClass).find(({ name }) => name === property);
    const element = (index: number | string) => `${path}[${field?.kind === 'set' ? '' : index}]`;
    const own = Object.entries(constraints).flatMap(([name, message]) => {
      // Of a null object it says twice that it is not there, and of a list that it is no object.
      if (name === 'nestedValidation' && value === null) return [];
      const each = field?.rules.some((rule) => rule.name === name && rule.each) && Array.isArray(value);
      return each
        ? (value as unknown[]).flatMap((given, index) => (given === null ? [`${element(index)}: ${message}`] : []))
        : [`${path}: ${message}`];
    });
    const inside = Array.isArray(value)
      ? children.flatMap((child) => [
          ...Object.values(child.constraints ?? {}).map((message) => `${element(child.property)}: ${message}`),
          ...flat(child.children ?? [], `${element(child.property)}.`),
        ])
      : flat(children, `${path}.`);
    return [...own, ...inside];
  });
}

it('every DTO that is read has a body here', () => {
  expect([...classes.keys()].sort()).toEqual([...new Set(BODIES.map(([type]) => type))].sort());
});

it.each(BODIES)('%s %j', (name, body, violations) => {
  const dto = readObject(classes.get(name)!, body, '')!;
  expect(ours(dto)).toEqual(violations);
  expect(flat(validateSync(dto)).sort()).toEqual([...violations].sort());
});
