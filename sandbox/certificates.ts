#!/usr/bin/env node
/**
 * Makes a certificate authority and what mutual TLS with the VTJ stand-in needs, all invented and good for ten years:
 *
 *   node sandbox/certificates.ts DIRECTORY        also a function, `makeCertificates(directory)`
 *
 * | File                                | Is |
 * |---|---|
 * | ca.pem, truststore.p12              | the authority; what the register trusts |
 * | server.pem, server-key.pem          | the stand-in, for localhost and 127.0.0.1 |
 * | client.pem, client-key.pem, client.p12 | the register's client certificate, alias `sandbox` |
 * | stranger.pem, stranger-key.pem, stranger.p12 | a client of another authority, which the stand-in refuses |
 *
 * The password of every PKCS12 file is `sandbox`.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import forge from 'node-forge';

type PrivateKey = forge.pki.rsa.PrivateKey;
interface Certified {
  readonly certificate: forge.pki.Certificate;
  readonly key: PrivateKey;
}

const YEARS = 10;
export const PASSWORD = 'sandbox';
export const ALIAS = 'sandbox';

function newKeys() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = forge.pki.privateKeyFromPem(privateKey.export({ type: 'pkcs1', format: 'pem' }).toString());
  return { key, publicKey: forge.pki.setRsaPublicKey(key.n, key.e) };
}

/** @param issuer undefined: self-signed */
function certificate(commonName: string, extensions: object[], issuer?: Certified): Certified {
  const { key, publicKey } = newKeys();
  const made = forge.pki.createCertificate();
  const subject = [
    { name: 'commonName', value: commonName },
    { name: 'organizationName', value: 'Sandbox' },
  ];
  made.publicKey = publicKey;
  made.serialNumber = `01${randomBytes(8).toString('hex')}`; // a first byte of 00 would be illegal padding half of the time
  made.validity.notBefore = new Date(Date.now() - 86_400_000);
  made.validity.notAfter = new Date();
  made.validity.notAfter.setFullYear(made.validity.notAfter.getFullYear() + YEARS);
  made.setSubject(subject);
  made.setIssuer(issuer?.certificate.subject.attributes ?? subject);
  made.setExtensions(extensions);
  made.sign(issuer?.key ?? key, forge.md.sha256.create());
  return { certificate: made, key };
}

const authority = (name: string) =>
  certificate(name, [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  ]);

const client = (name: string, issuer: Certified) =>
  certificate(
    name,
    [
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', clientAuth: true },
    ],
    issuer,
  );

const pem = ({ certificate: made }: Certified) => forge.pki.certificateToPem(made);
const keyPem = ({ key }: Certified) =>
  forge.pki.privateKeyInfoToPem(forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(key)));

function pkcs12(key: PrivateKey | null, certificates: forge.pki.Certificate[]) {
  const store = forge.pkcs12.toPkcs12Asn1(key, certificates, PASSWORD, { friendlyName: ALIAS, algorithm: 'aes256' });
  return Buffer.from(forge.asn1.toDer(store).getBytes(), 'binary');
}

/** Writes the files of the table above; those that are there are overwritten. */
export function makeCertificates(directory: string): string {
  mkdirSync(directory, { recursive: true });
  const ca = authority('Sandbox CA');
  const localhost = [
    { type: 2, value: 'localhost' },
    { type: 7, ip: '127.0.0.1' },
  ];
  const server = certificate(
    'localhost',
    [
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: localhost },
    ],
    ca,
  );
  const register = client('oppijanumerorekisteri', ca);
  const otherCa = authority('Another CA');
  const stranger = client('stranger', otherCa);
  const files = {
    'ca.pem': pem(ca),
    'truststore.p12': pkcs12(null, [ca.certificate]),
    'server.pem': pem(server),
    'server-key.pem': keyPem(server),
    'client.pem': pem(register),
    'client-key.pem': keyPem(register),
    'client.p12': pkcs12(register.key, [register.certificate, ca.certificate]),
    'stranger.pem': pem(stranger),
    'stranger-key.pem': keyPem(stranger),
    'stranger.p12': pkcs12(stranger.key, [stranger.certificate, otherCa.certificate]),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content, { mode: 0o600 });
  return directory;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (!process.argv[2]) throw new Error('usage: node sandbox/certificates.ts DIRECTORY');
  console.log(`certificates in ${makeCertificates(process.argv[2])}`);
}
