import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { PeerResponse } from '../../integrations/http.client.js';
import type { Login } from '../sessions/session.store.js';
import { methodsOf } from '../strong-authentication/authentication-level.rules.js';

const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: (name) => name !== 'code',
  attributeNamePrefix: '@',
  parseTagValue: false,
  htmlEntities: true,
  isArray: (name) => name === 'roles',
});

type Success = { attributes?: Readonly<{ [name: string]: unknown; roles?: unknown[] }> | '' };

/**
 * Who has logged in, by CAS's answer to the validation of a ticket.
 * @param methodAttributes that tell how the user logged in
 * @returns null: CAS refuses the ticket @throws PeerError neither a refusal nor a login
 */
export function readServiceResponse(
  response: PeerResponse,
  ticket: string,
  methodAttributes: readonly string[],
): Login | null {
  if (response.status === 412) return null; // CAS's own refusal (docs/spec/security-integrations-jobs.md#1.5)
  if (response.status !== 200) throw response.error();
  const { authenticationSuccess: success, authenticationFailure: failure } = serviceResponseOf(response);
  if (failure !== undefined && success === undefined) {
    const { '@code': code } = failure as { '@code'?: unknown };
    if (code === 'INTERNAL_ERROR') throw response.error('failed inside CAS');
    return null;
  }
  if (failure !== undefined || typeof success !== 'object' || Array.isArray(success)) throw noValidation(response);
  const attributes = (success as Success).attributes || {};
  const { oidHenkilo = '', roles = [] } = attributes;
  if (typeof oidHenkilo !== 'string') throw noValidation(response); // given twice
  return {
    oid: oidHenkilo === '' ? null : oidHenkilo,
    authorities: [...roles.filter((role): role is string => typeof role === 'string' && role !== ''), 'FACTOR_CAS'],
    ticket,
    methods: methodsOf(attributes, methodAttributes),
  };
}

function serviceResponseOf(response: PeerResponse): {
  authenticationSuccess?: unknown;
  authenticationFailure?: unknown;
} {
  const xml = response.text();
  // Entities that a document declares may expand without bound.
  if (xml.includes('<!DOCTYPE') || XMLValidator.validate(xml) !== true) throw noValidation(response);
  let document: { serviceResponse?: unknown };
  try {
    document = parser.parse(xml) as typeof document;
  } catch {
    throw noValidation(response);
  }
  const { serviceResponse } = document;
  if (typeof serviceResponse !== 'object' || serviceResponse === null) throw noValidation(response);
  return serviceResponse;
}

const noValidation = (response: PeerResponse) => response.error('answered what is no validation of a ticket');
