import { RegisterInMemory } from '../../test/support/register-in-memory.js';
import type { IdentificationDto } from '../henkilo/dto/identification.dto.js';
import type { LoadedHenkilo } from '../henkilo/muutos/loaded-henkilo.model.js';
import { IdentificationService } from './identification.service.js';

const email = (identifier: string): IdentificationDto => ({ idpEntityId: 'email', identifier });
const token = (identifier: string): IdentificationDto => ({ idpEntityId: 'oppijaToken', identifier });
const stored = (...tunnisteet: IdentificationDto[]) => tunnisteet.map((tunniste, i) => ({ id: i + 1, ...tunniste }));

let register: RegisterInMemory;
let locked: unknown[];
/** Whether the caller sees how protected persons are reached. */
let seesProtected: boolean;
let service: IdentificationService;

beforeEach(() => {
  register = new RegisterInMemory();
  locked = [];
  seesProtected = false;
  const { db, henkiloStore, writes, auditLog } = register;
  const tunnisteet = {
    lockTunnisteet: (keys: unknown[]) => Promise.resolve(void locked.push(...keys)),
    listOidsByIdentifications: ([wanted]: IdentificationDto[]) =>
      Promise.resolve(
        ['A', 'B'].filter((oid) =>
          register
            .get(oid)
            .identifications.some((one) => one.idpEntityId === wanted!.idpEntityId && one.identifier === wanted!.identifier),
        ),
      ),
  }; // prettier-ignore
  service = new IdentificationService(
    db as never,
    henkiloStore as never,
    writes as never,
    tunnisteet as never,
    { get: () => Promise.resolve(new Set(['email', 'oppijaToken', 'eidas'])) } as never,
    auditLog as never,
    {
      piilotus:
        () =>
        ({ suojattu }: { suojattu: boolean }) =>
          suojattu && !seesProtected,
    } as never,
    { isSuojattu: ({ turvakielto }: LoadedHenkilo) => Promise.resolve(turvakielto) } as never,
  );
  register.add('A', { identifications: stored(email('a@example.fi'), token('t')) });
  register.add('B');
});

const identificationsOf = (oid: string) =>
  register.get(oid).identifications.map(({ idpEntityId, identifier }) => ({ idpEntityId, identifier }));

it('adds an identifier and gives all', async () => {
  expect(await service.add('A', email('b@example.fi'))).toEqual([
    email('a@example.fi'),
    token('t'),
    email('b@example.fi'),
  ]);
  expect(register.get('A').identifications.at(-1)).toEqual({ id: null, ...email('b@example.fi') });
  expect(register.updated).toEqual(['A']);
  expect(locked).toHaveLength(1);
  expect(register.audit).toEqual(['TUNNISTUSTIETOJEN_PAIVITYS A Luotu henkilölle uusi tunnistetieto.']);
  expect(register.changes).toEqual([
    [{ fieldName: 'tunnistetieto', newValue: '{"idpEntityId":"email","identifier":"b@example.fi"}' }],
  ]);
});

it.each<[IdentificationDto, string]>([
  [email('a@example.fi'), 'Duplikaattitunnisteiden lisääminen ei ole sallittua'],
  [{ idpEntityId: 'eidas', identifier: 'x' }, 'eIDAS-tunnisteiden lisääminen ei ole sallittua'],
  [{ idpEntityId: 'google', identifier: 'x' }, "Tuntematon koodiston 'henkilontunnistetyypit' koodi google"],
])('refuses %j', async (tunniste, message) => {
  await expect(service.add('B', tunniste)).rejects.toMatchObject({ name: 'ValidationError', message });
  expect([identificationsOf('B'), register.updated, register.audit]).toEqual([[], [], []]);
});

it('refuses an unknown person', async () => {
  await expect(service.add('X', email('x@example.fi'))).rejects.toThrow('Henkilö X not found');
  await expect(service.remove('X', email('x@example.fi'))).rejects.toThrow('Henkilö X not found');
});

it('removes an identifier and gives the others', async () => {
  expect(await service.remove('A', email('a@example.fi'))).toEqual([token('t')]);
  expect(identificationsOf('A')).toEqual([token('t')]);
  expect(register.updated).toEqual(['A']);
  expect(register.audit).toEqual(['TUNNISTUSTIETOJEN_PAIVITYS A Poistettu henkilöltä tunnistetieto.']);
  expect(register.changes).toEqual([
    [{ fieldName: 'tunnistetieto', oldValue: '{"idpEntityId":"email","identifier":"a@example.fi"}' }],
  ]);
});

it.each([email('t'), token('a@example.fi'), email('b@example.fi')])(
  'removes nothing but the same kind and value, and says so of nothing: %j',
  async (tunniste) => {
    await service.remove('A', tunniste);
    expect(identificationsOf('A')).toEqual([email('a@example.fi'), token('t')]);
    expect(register.updated).toEqual(['A']);
    expect(register.audit).toEqual([]);
  },
);

describe('of a person under turvakielto', () => {
  beforeEach(() => (register.get('A').turvakielto = true));

  it('gives no e-mail address to whom it is hidden from', async () => {
    expect(await service.add('A', email('b@example.fi'))).toEqual([token('t')]);
    expect(await service.remove('A', email('b@example.fi'))).toEqual([token('t')]);
    seesProtected = true;
    expect(await service.remove('A', token('t'))).toEqual([email('a@example.fi')]);
  });

  it('tells no e-mail address in the audit log', async () => {
    seesProtected = true;
    await service.add('A', email('b@example.fi'));
    await service.remove('A', token('t'));
    expect(register.changes.map(([change]) => change?.newValue ?? change?.oldValue)).toEqual([
      '{"idpEntityId":"email","identifier":null}',
      '{"idpEntityId":"oppijaToken","identifier":"t"}',
    ]);
  });
});
