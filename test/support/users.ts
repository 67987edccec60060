/** Who calls in a test: subject of the token and rights by organisation, as the token carries them. */
export interface TestUser {
  readonly sub: string;
  readonly roles: Readonly<Record<string, readonly string[]>>;
}

export const ROOT = '1.2.246.562.10.00000000001';
/** Organisation of the sandbox, with TIEDEKUNTA below it. */
export const YLIOPISTO = '1.2.246.562.10.10000000001';
export const TIEDEKUNTA = '1.2.246.562.10.10000000011';
export const MALLIKOULU = '1.2.246.562.10.20000000022';

/** A user with these rights of OPPIJANUMEROREKISTERI in one organisation. */
export const userWith = (sub: string, organisation: string, ...rights: string[]): TestUser => ({
  sub,
  roles: { [organisation]: rights.map((right) => `OPPIJANUMEROREKISTERI_${right}`) },
});

const oid = (n: number) => `1.2.246.562.24.9900000000${n}`;

/** Superuser. */
export const rekisterinpitaja = userWith('1.2.246.562.24.00000000001', ROOT, 'REKISTERINPITAJA');
/** Reads everyone, changes nobody. */
export const lukija = userWith(oid(1), ROOT, 'REKISTERINPITAJA_READ');
/** Rights in one organisation only. */
export const virkailija = userWith(oid(2), YLIOPISTO, 'HENKILON_RU');
export const katselija = userWith(oid(3), YLIOPISTO, 'READ');
export const tuoja = userWith(oid(4), YLIOPISTO, 'OPPIJOIDENTUONTI');
export const yleistunniste = userWith(oid(5), YLIOPISTO, 'YLEISTUNNISTE_LUONTI');
export const organisaatiorekisteri = userWith(oid(6), YLIOPISTO, 'REKISTERINPITAJA');
/** Passes every gate, so that what it sends reaches the rules and the database. */
export const kaikkiOikeudet = userWith(
  '1.2.246.562.24.99300000001',
  ROOT,
  ...['REKISTERINPITAJA', 'KOTIKUNTAHISTORIA', 'TURVAKIELTOKOTIKUNTAHISTORIA', 'YLEISTUNNISTE_LUONTI'],
  ...['OPPIJOIDENTUONTI', 'TUONTIDATA_READ', 'DUPLICATE_READ'],
);
/** Logged in, and nothing else. */
export const oikeudeton: TestUser = { sub: oid(9), roles: {} };
