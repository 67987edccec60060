import { ForbiddenError, PeerError, ValidationError } from '../common/errors.js';
import { SUSPENDABLE, toYksilointivirheTila } from '../yksilointitieto/yksilointivirhe-tila.rules.js';
import { EiYksiloitavissaError } from './yksilointi.errors.js';
import { toYksilointivirhe } from './yksilointivirhe.rules.js';

const NOW = new Date('2026-03-01T12:00:00Z');
const failure = new PeerError('vtjkysely', 'no answer');

// docs/spec/yksilointi-vtj.md#1.3: minutes of the wait by number of retries.
it.each([
  [undefined, 0, 10],
  [null, 0, 10],
  [0, 1, 11],
  [1, 2, 42],
  [2, 3, 253],
  [3, 4, 1034],
  [4, 5, 3135],
  [5, 6, 7786],
  [6, 7, 16817],
  [7, 8, 32778],
  [8, 9, 59059],
])('after %p retries the next is number %p, in %p minutes', (before, maara, minutes) => {
  const { uudelleenyritysMaara, uudelleenyritysAikaleima } = toYksilointivirhe(failure, before, NOW);
  expect([uudelleenyritysMaara, (uudelleenyritysAikaleima!.getTime() - NOW.getTime()) / 60_000]).toEqual([
    maara,
    minutes,
  ]);
});

it.each([
  [9, '2026-03-01T12:00:00Z', '2026-04-01T12:00:00Z'],
  [25, '2026-12-15T08:00:00Z', '2027-01-15T08:00:00Z'],
  [9, '2026-01-31T12:00:00Z', '2026-02-28T12:00:00Z'],
  [9, '2028-01-30T12:00:00Z', '2028-02-29T12:00:00Z'],
])('after %p retries the wait is a calendar month: from %p until %p', (before, now, next) => {
  const { uudelleenyritysAikaleima } = toYksilointivirhe(failure, before, new Date(now));
  expect(uudelleenyritysAikaleima).toEqual(new Date(next));
});

it.each([
  ['HETU_EI_VTJ', '010180A100X', 'Henkilöä ei löytynyt VTJ-palvelusta henkilötunnuksella: 010180A100X', 'HETU_EI_VTJ'],
  ['HETU_EI_OIKEA', '010180A900X', 'Henkilön hetu ei ole oikea: 010180A900X', 'HETU_EI_OIKEA'],
  ['HETU_PASSIVOITU', '010180A100X', 'Henkilön hetu on passivoitu: 010180A100X', 'HETU_PASSIVOITU'],
  ['EIDAS', '1.2.246.562.24.1', 'Henkilö on eIDAS-yksilöity: 1.2.246.562.24.1', 'MUU'],
] as const)('%s is not retried and told in the words that rows of production have', (syy, tunniste, viesti, tila) => {
  const error = new EiYksiloitavissaError(syy, tunniste);
  expect(toYksilointivirhe(error, 5, NOW)).toEqual({
    poikkeus: SUSPENDABLE,
    viesti,
    uudelleenyritysMaara: null,
    uudelleenyritysAikaleima: null,
  });
  expect(toYksilointivirheTila(SUSPENDABLE, viesti)).toBe(tila);
  expect(error.message).not.toContain(tunniste);
});

it.each([
  [failure, 'HttpConnectionException', 'vtjkysely: no answer'],
  [new ValidationError('both identified'), 'ValidationException', 'both identified'],
  [new ForbiddenError('x'), 'ForbiddenException', 'x'],
  [new TypeError('x of 010180A100X'), 'RuntimeException', null],
])('%p is retried; texts of unforeseen errors are not stored', (error, poikkeus, viesti) => {
  const virhe = toYksilointivirhe(error, undefined, NOW);
  expect(virhe).toMatchObject({ poikkeus: expect.stringContaining(poikkeus) as string, viesti });
  expect(toYksilointivirheTila(virhe.poikkeus, virhe.viesti)).toBe('MUU_UUDELLEENYRITETTAVA');
});
