import { toYksilointivirheTila, YKSILOINTIVIRHE_TILAT } from './yksilointivirhe-tila.rules.js';

const SUSPENDABLE = 'fi.vm.sade.oppijanumerorekisteri.exceptions.SuspendableIdentificationException';

it.each([
  [SUSPENDABLE, 'Henkilöä ei löytynyt VTJ-palvelusta henkilötunnuksella: x', 'HETU_EI_VTJ'],
  [SUSPENDABLE, 'Henkilön hetu ei ole oikea: x', 'HETU_EI_OIKEA'],
  [SUSPENDABLE, 'Virhe: Henkilön hetu on passivoitu: x', 'HETU_PASSIVOITU'],
  [SUSPENDABLE, 'Henkilö on eIDAS-yksilöity: x', 'MUU'],
  [SUSPENDABLE, null, 'MUU'],
  ['RestClientException', 'Henkilön hetu ei ole oikea: x', 'MUU_UUDELLEENYRITETTAVA'],
])('%s, %s is %s', (poikkeus, viesti, tila) => expect(toYksilointivirheTila(poikkeus, viesti)).toBe(tila));

it('knows the kinds that the API names', () => {
  expect(YKSILOINTIVIRHE_TILAT).toEqual([
    'HETU_EI_VTJ',
    'HETU_EI_OIKEA',
    'HETU_PASSIVOITU',
    'MUU_UUDELLEENYRITETTAVA',
    'MUU',
  ]);
});
