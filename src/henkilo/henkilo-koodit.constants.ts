/** Kinds of login identifiers (docs/spec/api.md#6.1): constant names of the reference, case-sensitive. New `eidas` rows are refused. */
export const IDP_ENTITY_IDS = ['oppijaToken', 'google', 'email', 'eidas'] as const;
export type IdpEntityId = (typeof IDP_ENTITY_IDS)[number];

/** Identifiers of these kinds are e-mail addresses. */
const SAHKOPOSTIT: readonly IdpEntityId[] = ['email', 'google'];

export const isNoSahkoposti = ({ idpEntityId }: { readonly idpEntityId: IdpEntityId }): boolean =>
  !SAHKOPOSTIT.includes(idpEntityId);
