import { toNfc } from './nimen-merkit.js';

/**
 * Whether a calling name fits the first names: the same text, or any run of neighbouring first names, where a hyphenated
 * name counts whole or in its parts; neither letter case nor the form of Unicode matters (docs/spec/henkilo.md#0.9).
 */
export function isKutsumanimiOf(kutsumanimi: string, etunimet: string): boolean {
  if (kutsumanimi === etunimet) return true;
  const wanted = toNfc(kutsumanimi).toLowerCase();
  const names = toNfc(etunimet).toLowerCase();
  return hasRun(tokens(names, ' '), wanted) || hasRun(tokens(names, /[ -]/), wanted);
}

/** Trailing empty tokens are dropped as Java's split does, the others kept. */
function tokens(names: string, separator: string | RegExp): string[] {
  const parts = names.split(separator);
  while (parts.at(-1) === '') parts.pop();
  return parts.map((part) => part.trim());
}

/** Some neighbouring parts, which hold no space, are the wanted text when they are joined with spaces. */
const hasRun = (parts: readonly string[], wanted: string): boolean => ` ${parts.join(' ')} `.includes(` ${wanted} `);
