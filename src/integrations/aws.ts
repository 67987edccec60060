import type { Config } from '../config/config.js';

/** Any will do for a stand-in; the real service is never called with them, since production refuses an own endpoint. */
const SANDBOX_CREDENTIALS = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' };

/**
 * Where and as whom to call AWS. The SDK is loaded on first use only: it costs 80 ms and 20 MB (docs/adr/0031).
 * @param roleArn role to assume; null: the credentials of the process's surroundings
 */
export async function awsClientSettings(
  aws: Config['aws'],
  region: string,
  roleArn: string | null,
  sessionName: string,
) {
  const place = { region, ...(aws.endpoint && { endpoint: aws.endpoint }) };
  const own = aws.endpoint ? SANDBOX_CREDENTIALS : undefined;
  if (roleArn === null) return { ...place, ...(own && { credentials: own }) };
  const { fromTemporaryCredentials } = await import('@aws-sdk/credential-providers');
  const credentials = fromTemporaryCredentials({
    params: { RoleArn: roleArn, RoleSessionName: sessionName },
    clientConfig: place,
    ...(own && { masterCredentials: own }),
  });
  return { ...place, credentials };
}
