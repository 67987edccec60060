import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import forge from 'node-forge';

const { pki, asn1, pkcs12 } = forge;

export interface Issued {
  readonly key: forge.pki.rsa.PrivateKey;
  readonly cert: forge.pki.Certificate;
}

let serial = 1;

/** A certificate for `name`, signed by `issuer` or by itself as an authority. */
export function issue(name: string, { issuer, days = 365 }: { issuer?: Issued; days?: number } = {}): Issued {
  const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' });
  const privateKey = pki.privateKeyFromPem(pem.toString());
  const publicKey = pki.rsa.setPublicKey(privateKey.n, privateKey.e);
  const cert = pki.createCertificate();
  cert.publicKey = publicKey;
  cert.serialNumber = String(++serial).padStart(2, '0');
  cert.validity.notBefore = new Date(Date.now() - 86_400_000);
  cert.validity.notAfter = new Date(Date.now() + days * 86_400_000);
  const subject = [{ name: 'commonName', value: name }];
  cert.setSubject(subject);
  cert.setIssuer(issuer ? issuer.cert.subject.attributes : subject);
  cert.setExtensions([
    { name: 'basicConstraints', cA: !issuer },
    { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
  ]);
  cert.sign(issuer?.key ?? privateKey, forge.md.sha256.create());
  return { key: privateKey, cert };
}

export const certPem = ({ cert }: Issued): string => pki.certificateToPem(cert);
export const keyPem = ({ key }: Issued): string => pki.privateKeyToPem(key);

/** A PKCS12 store with several entries, written to a file of its own. */
export function writePkcs12(entries: Record<string, Issued>, password: string, chain: Issued[] = []): string {
  const all = Object.entries(entries).map(([friendlyName, { key, cert }]) => {
    const p12 = pkcs12.toPkcs12Asn1(key, [cert, ...chain.map((c) => c.cert)], password, {
      friendlyName,
      algorithm: 'aes256',
      useMac: false,
    });
    return contentsOf(p12);
  });
  return write('store.p12', Buffer.from(asn1.toDer(join12(all, password)).getBytes(), 'latin1'));
}

export function write(name: string, content: string | Buffer): string {
  const path = join(mkdtempSync(join(tmpdir(), 'onr-keys-')), name);
  writeFileSync(path, content);
  return path;
}

/** The safe contents of a store that has no integrity check. */
function contentsOf(p12: forge.asn1.Asn1): forge.asn1.Asn1[] {
  const octets = (p12 as any).value[1].value[1].value[0].value as string; // eslint-disable-line @typescript-eslint/no-explicit-any
  return (asn1.fromDer(octets) as any).value as forge.asn1.Asn1[]; // eslint-disable-line @typescript-eslint/no-explicit-any
}

function join12(stores: forge.asn1.Asn1[][], password: string): forge.asn1.Asn1 {
  const { Class, Type, create } = asn1;
  const sequence = (value: forge.asn1.Asn1[]) => create(Class.UNIVERSAL, Type.SEQUENCE, true, value);
  const oid = (name: string) => create(Class.UNIVERSAL, Type.OID, false, asn1.oidToDer(name).getBytes());
  const octets = (bytes: string) => create(Class.UNIVERSAL, Type.OCTETSTRING, false, bytes);
  const safe = asn1.toDer(sequence(stores.flat())).getBytes();
  const salt = forge.random.getBytesSync(8);
  const mac = forge.hmac.create();
  mac.start(forge.md.sha1.create(), (pkcs12 as any).generateKey(password, forge.util.createBuffer(salt), 3, 1, 20)); // eslint-disable-line @typescript-eslint/no-explicit-any
  mac.update(safe);
  return sequence([
    create(Class.UNIVERSAL, Type.INTEGER, false, '\x03'),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- number 0 stands for the context's own
    sequence([oid('1.2.840.113549.1.7.1'), create(Class.CONTEXT_SPECIFIC, 0, true, [octets(safe)])]),
    sequence([
      sequence([
        sequence([oid('1.3.14.3.2.26'), create(Class.UNIVERSAL, Type.NULL, false, '')]),
        octets(mac.digest().getBytes()),
      ]),
      octets(salt),
    ]),
  ]);
}
