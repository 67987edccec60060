import { SUSPENDABLE, toYksilointivirheTila } from './yksilointivirhe-tila.rules.js';

it.each([
  [SUSPENDABLE, 'Henkilöä ei löytynyt VTJ-palvelusta henkilötunnuksella: x', 'HETU_EI_VTJ'],
  [SUSPENDABLE, 'Henkilön hetu ei ole oikea: x', 'HETU_EI_OIKEA'],
  [SUSPENDABLE, 'Virhe: Henkilön hetu on passivoitu: x', 'HETU_PASSIVOITU'],
  [SUSPENDABLE, 'Henkilö on eIDAS-yksilöity: x', 'MUU'],
  [SUSPENDABLE, null, 'MUU'],
  ['RestClientException', 'Henkilön hetu ei ole oikea: x', 'MUU_UUDELLEENYRITETTAVA'],
])('%s, %s is %s', (poikkeus, viesti, tila) => expect(toYksilointivirheTila(poikkeus, viesti)).toBe(tila));
