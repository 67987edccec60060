import { readConfig } from '../../config/config.js';
import { SuojattujenNakyvyys } from './suojattujen-nakyvyys.service.js';

const OWN = '1.2.246.562.24.99000000001';
const OTHER = '1.2.246.562.24.99000000002';
const ROOT = '1.2.246.562.10.00000000001';
const ONR = 'ROLE_APP_OPPIJANUMEROREKISTERI';

/** @param weak the login lacks the two factors that protected contact details need; `refuse`: what is said then */
function rule(authorities: readonly string[], { byOrganisation = false, weak = false, refuse = () => {} } = {}) {
  const permissions = {
    caller: { oid: OWN },
    hasAny: (wanted: readonly string[]) => wanted.some((one) => authorities.includes(one)),
  };
  const strong = { hidesProtectedContacts: weak, protectedContactsCheck: () => (weak ? refuse : null) };
  const env = { ONR_PROTECTED_CONTACTS_BY_ORGANISATION: String(byOrganisation) };
  return new SuojattujenNakyvyys(permissions as never, strong as never, readConfig(env));
}

/** Whether what is hidden: others under turvakielto, others that are not, oneself under turvakielto. */
const hidden = (service: SuojattujenNakyvyys) => {
  const piilotus = service.piilotus();
  return [
    piilotus({ oidHenkilo: OTHER, suojattu: true }),
    piilotus({ oidHenkilo: OTHER, suojattu: false }),
    piilotus({ oidHenkilo: OWN, suojattu: true }),
  ];
};

it.each(['REKISTERINPITAJA', 'REKISTERINPITAJA_READ', 'READ', 'HENKILON_RU'])(
  'hides nothing from who holds %s over everyone, but from who holds it somewhere',
  (right) => {
    const everywhere = rule([`${ONR}_${right}`, `${ONR}_${right}_${ROOT}`]);
    expect(hidden(everywhere)).toEqual([false, false, false]);
    expect(everywhere.seesAll()).toBe(true);
    const somewhere = rule([`${ONR}_${right}`, `${ONR}_${right}_1.2.246.562.10.99000000010`]);
    expect(hidden(somewhere)).toEqual([true, false, false]);
    expect(somewhere.seesAll()).toBe(false);
  },
);

it.each(['OPPIJOIDENTUONTI', 'YLEISTUNNISTE_LUONTI', 'KOTIKUNTAHISTORIA'])(
  'hides others under turvakielto from who holds %s only',
  (right) => expect(hidden(rule([`${ONR}_${right}_${ROOT}`]))).toEqual([true, false, false]),
);

it('hides nothing where the setting shows all as the reference does', () => {
  const service = rule([], { byOrganisation: true });
  expect(hidden(service)).toEqual([false, false, false]);
  expect(service.seesAll()).toBe(true);
});

it('demands a better login when there is something to see of others', () => {
  const refuse = () => {
    throw new Error('two factors');
  };
  const service = rule([`${ONR}_READ_${ROOT}`], { weak: true, refuse });
  const piilotus = service.piilotus();
  expect(() => piilotus({ oidHenkilo: OTHER, suojattu: true })).toThrow('two factors');
  expect(piilotus({ oidHenkilo: OTHER, suojattu: false })).toBe(false);
  expect(piilotus({ oidHenkilo: OWN, suojattu: true })).toBe(false);
  expect(service.seesAll()).toBe(false);
  expect(hidden(rule([], { weak: true, refuse }))).toEqual([true, false, false]);
});

it('shows all in a dry run, which refuses nobody', () =>
  expect(hidden(rule([`${ONR}_READ_${ROOT}`], { weak: true }))).toEqual([false, false, false]));
