import type { Config } from '../../config/config.js';
import type { AuthenticationLevel } from '../../http/request-context.js';

type Settings = Config['strongAuthentication'];

/** Longest values and most of them that are kept of an assertion: nobody names more ways to log in. */
const MAX_METHODS = 20;
const MAX_METHOD_CHARACTERS = 200;

/** How the user logged in, by those attributes of a CAS assertion; an attribute may be given several times. */
export function methodsOf(attributes: Readonly<Record<string, unknown>>, names: readonly string[]): string[] {
  return names
    .flatMap((name) => (Object.hasOwn(attributes, name) ? attributes[name] : []))
    .filter(
      (value): value is string => typeof value === 'string' && value !== '' && value.length <= MAX_METHOD_CHARACTERS,
    )
    .slice(0, MAX_METHODS);
}

/** Level of a CAS login; null: nobody asks for it. Compared exactly. */
export function levelOfCasLogin(methods: readonly string[], { mode, cas }: Settings): AuthenticationLevel | null {
  if (mode === 'off') return null;
  return methods.some((method) => cas.values.includes(method)) ? 'strong' : 'weak';
}

/** Level of a token by `acr` and `amr`, which are weak in any other form than OpenID Connect's; null: nobody asks for it. */
export function levelOfToken(
  { acr, amr }: { readonly [claim: string]: unknown },
  { mode, acrValues, amrValues }: Settings,
): AuthenticationLevel | null {
  if (mode === 'off') return null;
  const isStrong =
    (typeof acr === 'string' && acrValues.includes(acr)) ||
    (Array.isArray(amr) && amr.some((value) => typeof value === 'string' && amrValues.includes(value)));
  return isStrong ? 'strong' : 'weak';
}
