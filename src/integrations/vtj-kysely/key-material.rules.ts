import { readFile } from 'node:fs/promises';
import { X509Certificate } from 'node:crypto';
import { KeyMaterialError, type ClientKey, type StoreLocation } from './key-store.model.js';

const JKS_MAGIC = 0xfeedfeed;
const JCEKS_MAGIC = 0xcececece;

/**
 * The client's key and certificate of a PKCS12 or PEM file.
 * @param alias the PKCS12 entry to take, whatever else is in the store; null: the only one
 * @throws KeyMaterialError
 */
export async function readClientKey(store: StoreLocation, alias: string | null): Promise<ClientKey> {
  const bytes = await readStore(store);
  if (isPem(bytes)) {
    const text = bytes.toString('utf8');
    const key = /-----BEGIN ([A-Z ]*)PRIVATE KEY-----[\s\S]+?-----END \1PRIVATE KEY-----/.exec(text)?.[0];
    const cert = pemCertificates(text).join('\n');
    if (!key || !cert) throw new KeyMaterialError(`${store.path} must hold a private key and its certificate`);
    return { key, cert, ...(store.password !== null && { passphrase: store.password }) };
  }
  return (await import('./pkcs12.rules.js')).readClientKey(bytes, store, alias);
}

/**
 * Certificates of a PKCS12 or PEM file, PEM.
 * @throws KeyMaterialError
 */
export async function readCertificates(store: StoreLocation): Promise<string[]> {
  const bytes = await readStore(store);
  const certificates = isPem(bytes)
    ? pemCertificates(bytes.toString('utf8'))
    : (await import('./pkcs12.rules.js')).readCertificates(bytes, store);
  if (certificates.length === 0) throw new KeyMaterialError(`${store.path} holds no certificate`);
  return certificates;
}

/**
 * Last instant of the client certificate's validity; null: the store has no entry of that alias.
 * @throws KeyMaterialError the store cannot be read
 */
export async function readExpiry(store: StoreLocation, alias: string | null): Promise<Date | null> {
  const bytes = await readStore(store);
  const cert = isPem(bytes)
    ? pemCertificates(bytes.toString('utf8'))[0]
    : (await import('./pkcs12.rules.js')).findCertificate(bytes, store, alias);
  return cert === undefined ? null : new Date(new X509Certificate(cert).validTo);
}

async function readStore({ path, base64 }: StoreLocation): Promise<Buffer> {
  const read = () =>
    readFile(path).catch((error: unknown) => {
      throw new KeyMaterialError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
    });
  const bytes = base64 === undefined ? await read() : Buffer.from(base64, 'base64');
  const magic = bytes.length >= 4 ? bytes.readUInt32BE(0) : 0;
  if (magic === JKS_MAGIC || magic === JCEKS_MAGIC) {
    throw new KeyMaterialError(
      `${path} is a Java key store, which only Java reads. Convert it once: keytool -importkeystore ` +
        `-srckeystore ${path} -destkeystore ${path}.p12 -deststoretype PKCS12`,
    );
  }
  return bytes;
}

const isPem = (bytes: Buffer): boolean => bytes.includes('-----BEGIN ');
const pemCertificates = (text: string): string[] =>
  text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
