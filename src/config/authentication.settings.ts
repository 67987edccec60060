import { boolean, matching, oneOf, textsOf } from './setting-types.js';
import { setting, type Settings } from './setting.js';

/** A value that may stand in a header between quotes. */
const HEADER_VALUE = /^[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]+$/;
const values = textsOf(HEADER_VALUE, 'values with commas between, or none');

/** Two-factor login (docs/adr/0144-two-factor.md). */
export const AUTHENTICATION_SETTINGS = {
  strongAuthentication: {
    mode: setting({
      names: ['ONR_MFA'],
      type: oneOf(['off', 'dry-run', 'enforce']),
      fallback: 'off',
      description:
        'whether operations demand a two-factor login; `dry-run` refuses nobody and counts who would have been (`onr_strong_authentication_missing_total`)',
    }),
    rights: setting({
      names: ['ONR_MFA_RIGHTS'],
      type: textsOf(
        /^(read|write|all):[A-Z0-9_]+$/,
        'kind:RIGHT with commas between, kind read, write or all; or none',
      ),
      fallback: ['write:REKISTERINPITAJA'],
      description:
        'demanded of callers who hold the right, in whatever organisation, for operations of the kind; a right of OPPIJANUMEROREKISTERI, or of another service with its name (`KAYTTOOIKEUS_CRUD`)',
    }),
    operations: setting({
      names: ['ONR_MFA_OPERATIONS'],
      type: textsOf(
        /^(GET|HEAD|POST|PUT|DELETE) \/\S*$/,
        'operations as in the API description, METHOD /path, with commas between; or none',
      ),
      fallback: ['POST /s2s/henkilo/kotikuntahistoria/turvakielto'],
      description: 'demanded of everybody for these operations; an unknown one stops the start',
    }),
    protectedContacts: setting({
      names: ['ONR_MFA_PROTECTED_CONTACTS'],
      type: boolean,
      fallback: true,
      description:
        'demanded of everybody whom an answer would show the contact details of somebody else under turvakielto, and who would change these',
    }),
    exemptOids: setting({
      names: ['ONR_MFA_EXEMPT_OIDS'],
      type: textsOf(/^1(\.\d+)+$/, 'OIDs with commas between, or none'),
      fallback: [],
      description: 'service users that cannot have a second factor: never demanded of them',
    }),
    cas: {
      attributes: setting({
        names: ['ONR_MFA_CAS_ATTRIBUTES'],
        type: textsOf(/^[\w.-]+$/, 'names with commas between, or none'),
        fallback: ['authnContextClass', 'authenticationMethod'],
        description: 'attributes of the CAS assertion that tell how the user logged in',
      }),
      values: setting({
        names: ['ONR_MFA_CAS_VALUES'],
        type: values,
        fallback: ['mfa-gauth', 'mfa-simple', 'mfa-webauthn'],
        description: 'values of these that mean two factors; one is enough',
      }),
      parameter: setting({
        names: ['ONR_MFA_CAS_PARAMETER'],
        type: matching(/^[\w.-]+$/, 'a name'),
        fallback: 'authn_method',
        description: 'parameter of the CAS login page that asks for a second factor',
      }),
      method: setting({
        names: ['ONR_MFA_CAS_METHOD'],
        type: matching(/^[\w.-]+$/, 'a name'),
        fallback: 'mfa-gauth',
        description: 'its value',
      }),
    },
    acrValues: setting({
      names: ['ONR_MFA_ACR_VALUES'],
      type: values,
      fallback: ['https://refeds.org/profile/mfa'],
      description: 'values of `acr` in a token that mean two factors; a service is told of them in the order given',
    }),
    amrValues: setting({
      names: ['ONR_MFA_AMR_VALUES'],
      type: values,
      fallback: ['mfa'],
      description: 'values in `amr` of a token that mean two factors; one is enough',
    }),
  },
} as const satisfies Settings;
