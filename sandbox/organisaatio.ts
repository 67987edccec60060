/** Organisaatiopalvelu (docs/spec/security-integrations-jobs.md#4.4). */
import { json } from './http.ts';
import { childOids, organisations, type Organisations } from './organisations.ts';
import type { Context, Route } from './route.ts';

export function organisaatioRoutes({ state }: Context): Route[] {
  const all = (): Organisations => ({ ...organisations, ...state.settings.organisaatiot });
  return [
    [
      'organisaatio',
      'GET',
      /^\/organisaatio-service\/rest\/organisaatio\/([^/]+)\/childoids$/,
      (oid, { url }) => json({ oids: childOids(oid, url.searchParams.get('rekursiivisesti') === 'true', all()) }),
    ],
    [
      'organisaatio',
      'GET',
      /^\/organisaatio-service\/rest\/organisaatio\/([^/]+)$/,
      (oid) => {
        const found = all()[oid];
        return found
          ? json({ oid, nimi: found.nimi, parentOid: found.parent })
          : json({ errorMessage: 'organisaatio.not.found' }, 404);
      },
    ],
  ];
}
