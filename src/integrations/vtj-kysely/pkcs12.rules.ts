import forge from 'node-forge';
import { KeyMaterialError, type ClientKey, type StoreLocation } from './key-store.model.js';

const { certBag, keyBag, pkcs8ShroudedKeyBag } = forge.pki.oids as Record<
  'certBag' | 'keyBag' | 'pkcs8ShroudedKeyBag',
  string
>;

/** As `readClientKey` of key-material, of a PKCS12 file. */
export function readClientKey(bytes: Buffer, store: StoreLocation, alias: string | null): ClientKey {
  const p12 = open(bytes, store);
  const keys = [keyBag, pkcs8ShroudedKeyBag].flatMap((type) => bags(p12, type)).filter((bag) => hasAlias(bag, alias));
  const [bag, second] = keys;
  if (!bag?.key)
    throw new KeyMaterialError(`${store.path} holds no key ${alias === null ? '' : `of alias ${alias}`}`.trim());
  if (second)
    throw new KeyMaterialError(
      `${store.path} holds several keys: name one by oppijanumerorekisteri.vtjkysely.certAlias`,
    );
  const own = ownCertificate(p12, bag, alias);
  if (!own) throw new KeyMaterialError(`${store.path} holds a key without its certificate`);
  return {
    key: forge.pki.privateKeyToPem(bag.key),
    cert: chainOf(own, certificatesOf(p12))
      .map((c) => forge.pki.certificateToPem(c))
      .join('\n'),
  };
}

/** As `readCertificates` of key-material, of a PKCS12 file. */
export const readCertificates = (bytes: Buffer, store: StoreLocation): string[] =>
  certificatesOf(open(bytes, store)).map((certificate) => forge.pki.certificateToPem(certificate));

/** Certificate of the entry; undefined: no such entry. */
export function findCertificate(bytes: Buffer, store: StoreLocation, alias: string | null): string | undefined {
  const p12 = open(bytes, store);
  const bag = [keyBag, pkcs8ShroudedKeyBag].flatMap((type) => bags(p12, type)).find((b) => hasAlias(b, alias));
  const own = bag ? ownCertificate(p12, bag, alias) : bags(p12, certBag).find((b) => hasAlias(b, alias))?.cert;
  return own && forge.pki.certificateToPem(own);
}

function open(bytes: Buffer, { path, password }: StoreLocation): forge.pkcs12.Pkcs12Pfx {
  try {
    return forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(bytes.toString('latin1')), password ?? '');
  } catch (cause) {
    const wrong = cause instanceof Error && /password|MAC/i.test(cause.message);
    throw new KeyMaterialError(
      `${path} ${wrong ? 'does not open with the given password' : 'is neither PKCS12 nor PEM'}`,
      { cause },
    );
  }
}

const bags = (p12: forge.pkcs12.Pkcs12Pfx, bagType: string): forge.pkcs12.Bag[] =>
  p12.getBags({ bagType })[bagType] ?? [];
const certificatesOf = (p12: forge.pkcs12.Pkcs12Pfx): forge.pki.Certificate[] =>
  bags(p12, certBag).flatMap(({ cert }) => cert ?? []);

/** Aliases of Java are written in any case. */
function hasAlias(bag: forge.pkcs12.Bag, alias: string | null): boolean {
  const names = (bag.attributes as { friendlyName?: string[] } | undefined)?.friendlyName ?? [];
  return alias === null || names.some((name) => name.toLowerCase() === alias.toLowerCase());
}

/** The certificate that carries the key's local id, or else its alias. */
function ownCertificate(
  p12: forge.pkcs12.Pkcs12Pfx,
  key: forge.pkcs12.Bag,
  alias: string | null,
): forge.pki.Certificate | undefined {
  const idOf = (bag: forge.pkcs12.Bag) => (bag.attributes as { localKeyId?: string[] } | undefined)?.localKeyId?.[0];
  const all = bags(p12, certBag);
  const id = idOf(key);
  const byId = id === undefined ? undefined : all.find((bag) => idOf(bag) === id);
  return (byId ?? all.find((bag) => hasAlias(bag, alias)))?.cert;
}

/** The certificate and those that issued it, as the server wants to see them. */
function chainOf(own: forge.pki.Certificate, all: readonly forge.pki.Certificate[]): forge.pki.Certificate[] {
  const chain = [own];
  for (let last = own; !last.isIssuer(last);) {
    const issuer = all.find((candidate) => !chain.includes(candidate) && last.isIssuer(candidate));
    if (!issuer) break;
    chain.push(issuer);
    last = issuer;
  }
  return chain;
}
