import { toNfc } from './nimen-merkit.js';

/**
 * Whether a calling name fits the first names: the same text, or any run of neighbouring first names, where a hyphenated
 * name counts whole or in its parts; neither letter case nor the form of Unicode matters (spec henkilo 0.9).
 */
export function isKutsumanimiOf(kutsumanimi: string, etunimet: string): boolean {
  if (kutsumanimi === etunimet) return true;
  if (etunimet.length > LONGEST) return false;
  const wanted = toNfc(kutsumanimi).toLowerCase();
  const names = toNfc(etunimet).toLowerCase();
  return hasRun(tokens(names, ' '), wanted) || hasRun(tokens(names, /[ -]/), wanted);
}

/** Longer first names fit no column; comparing them part by part would only cost time. */
const LONGEST = 5000;

/** Trailing empty tokens are dropped as Java's split does, the others kept. */
function tokens(names: string, separator: string | RegExp): string[] {
  const parts = names.split(separator);
  while (parts.length > 1 && parts.at(-1) === '') parts.pop();
  return parts.map((part) => part.trim());
}

/** Some neighbouring parts, joined with spaces, are the wanted text. */
function hasRun(parts: readonly string[], wanted: string): boolean {
  return parts.some((first, from) => {
    let run = first;
    for (let to = from + 1; run !== wanted && to < parts.length && wanted.startsWith(run); to++) run += ` ${parts[to]}`;
    return run === wanted;
  });
}
