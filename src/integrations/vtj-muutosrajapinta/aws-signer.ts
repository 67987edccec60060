import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import type { Config } from '../../config/config.js';
import { awsClientSettings } from '../aws.js';
import type { PeerRequest } from '../http-client.js';

/** The given headers and those that carry the signature. */
export type AwsSigner = (
  url: string,
  call: Pick<PeerRequest, 'method' | 'headers' | 'body'>,
) => Promise<Record<string, string>>;

/** The API gateway of the palveluväylä stands here whatever region the service runs in. */
const REGION = 'eu-west-1';

/** Signs (AWS Signature V4, service execute-api) as a role; its credentials are fetched and renewed when needed. */
export async function createAwsSigner(aws: Config['aws'], roleArn: string): Promise<AwsSigner> {
  const { SignatureV4 } = await import('@smithy/signature-v4');
  const { credentials } = await awsClientSettings(aws, REGION, roleArn, 'palveluvayla');
  const signer = new SignatureV4({
    credentials: kept(credentials as CredentialProvider),
    region: REGION,
    service: 'execute-api',
    sha256: Sha256,
  });
  return async (url, { method = 'GET', headers, body }) => {
    const { protocol, hostname, port, host, pathname } = new URL(url);
    const request = {
      method,
      protocol,
      hostname,
      path: pathname,
      query: {},
      headers: { ...headers, host },
      body,
      ...(port && { port: Number(port) }),
    };
    return (await signer.sign(request)).headers;
  };
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}
type CredentialProvider = () => Promise<Credentials>;

/** Asks again five minutes before the end. */
const EARLY_MS = 5 * 60_000;

function kept(provider: CredentialProvider): CredentialProvider {
  let current: Credentials | null = null;
  return async () => {
    if (!current || (current.expiration && current.expiration.getTime() - EARLY_MS < Date.now()))
      current = await provider();
    return current;
  };
}

/** The hash in the form that the signer wants. */
class Sha256 {
  private hash: Hash | Hmac;

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

  private create(): Hash | Hmac {
    return this.secret === undefined ? createHash('sha256') : createHmac('sha256', this.secret as Uint8Array);
  }
}
