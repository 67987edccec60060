/** Languages of the published description; the first is given to who asks for none. */
export const KIELET = ['fi', 'en'] as const;
export type Kieli = (typeof KIELET)[number];

/** What a reader of the API page is told, in every language: one that is missing does not compile. */
export type Teksti = Readonly<Record<Kieli, string>>;

export const t = (fi: string, en: string): Teksti => ({ fi, en });

/** The language that a query asks for; of another, or none, Finnish. */
export const kieliOf = (asked: unknown): Kieli => KIELET.find((kieli) => kieli === asked) ?? KIELET[0];
