import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { systemClock } from '../common/clock.js';
import type { Config } from '../config/config.js';
import type { PeerRequest } from './http.client.js';

/** The given headers and those that carry the signature. */
export type AwsSigner = (
  url: string,
  call: Pick<PeerRequest, 'method' | 'headers' | 'body'>,
) => Promise<Record<string, string>>;

/** Who calls AWS. */
export interface AwsIdentity {
  readonly region: string;
  /** Role to sign as; null: whoever the process's surroundings say. */
  readonly roleArn: string | null;
  /** External id that the owner of the role in another account asks for. */
  readonly externalId?: string | null;
  readonly sessionName: string;
}

export interface AwsSignerOptions extends AwsIdentity {
  /** Name of the service in signatures, e.g. `execute-api`. */
  readonly service: string;
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}
/** @param caller the client that asks, whose times count for what it takes to answer */
type CredentialProvider = (caller?: object) => Promise<Credentials>;

/** Any will do for a stand-in; the real AWS is never called with them, since production refuses an own endpoint. */
const SANDBOX: Credentials = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' };
/** Credentials are fetched anew so long before their end. */
const RENEWED_BEFORE_END_MS = 5 * 60_000;

/** Of the calls that ask for a role's credentials, when no client of the caller's says others. */
const STS_TIMES = { connectionTimeout: 2_000, requestTimeout: 10_000, throwOnRequestTimeout: true };

/** Signs calls (AWS Signature V4). The SDK's parts are loaded here, on first use only (ADR 31). */
export async function createAwsSigner(aws: Config['aws'], options: AwsSignerOptions): Promise<AwsSigner> {
  const { SignatureV4 } = await import('@smithy/signature-v4');
  const credentials = kept(await createAwsCredentials(aws, options, STS_TIMES));
  const { region, service } = options;
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256 });
  return async (url, { method = 'GET', headers, body }) => {
    const { protocol, hostname, port, host, pathname: path } = new URL(url);
    const place = { protocol, hostname, path, query: {}, ...(port && { port: Number(port) }) };
    return (await signer.sign({ ...place, method, headers: { ...headers, host }, body })).headers;
  };
}

/** Where credentials come from. @param times of the calls to STS; left out: those of the client that asks for the credentials */
export async function createAwsCredentials(
  aws: Config['aws'],
  { region, roleArn, externalId, sessionName }: AwsIdentity,
  times?: typeof STS_TIMES,
): Promise<CredentialProvider> {
  if (roleArn === null && aws.endpoint) return () => Promise.resolve(SANDBOX);
  const { fromNodeProviderChain, fromTemporaryCredentials } = await import('@aws-sdk/credential-providers');
  if (roleArn === null) return fromNodeProviderChain();
  return fromTemporaryCredentials({
    params: { RoleArn: roleArn, RoleSessionName: sessionName, ...(externalId && { ExternalId: externalId }) },
    clientConfig: { region, ...(times && { requestHandler: times }), ...(aws.endpoint && { endpoint: aws.endpoint }) },
    ...(aws.endpoint && { masterCredentials: SANDBOX }),
  });
}

/** Asks the provider once however many wait, and again before the end; a failure is not kept. */
function kept(provider: CredentialProvider): CredentialProvider {
  let current: { credentials: Promise<Credentials>; until: number } | null = null;
  return () => {
    if (!current || current.until < systemClock.millis()) {
      const entry = { credentials: provider(), until: Infinity };
      current = entry;
      entry.credentials.then(
        ({ expiration }) => (entry.until = expiration ? expiration.getTime() - RENEWED_BEFORE_END_MS : Infinity),
        () => (current = current === entry ? null : current),
      );
    }
    return current.credentials;
  };
}

/**
 * Keys by the bytes that the signer keeps for a day: node:crypto takes bytes as a key five times as slowly, and every message
 * is signed.
 */
const keys = new WeakMap<ArrayBuffer | ArrayBufferView, KeyObject>();

function keyOf(secret: ArrayBuffer | ArrayBufferView): KeyObject {
  const key = keys.get(secret) ?? createSecretKey(secret as NodeJS.ArrayBufferView);
  keys.set(secret, key);
  return key;
}

/** The hash in the form that the signer wants. */
export class Sha256 {
  private hash: ReturnType<Sha256['create']>;

  constructor(private readonly secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = this.create();
  }

  update(data: Uint8Array): void {
    this.hash.update(data);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.hash.digest());
  }

  reset(): void {
    this.hash = this.create();
  }

  private create() {
    const { secret } = this;
    if (secret === undefined) return createHash('sha256');
    return createHmac('sha256', typeof secret === 'string' ? secret : keyOf(secret));
  }
}
