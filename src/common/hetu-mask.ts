const HETU = /\b(\d{6}[-+A-FU-Y])\d{3}\w(?=\W|\b)/gi;
/** A percent escape, encoded again any number of times, or one character. */
const UNIT = /%(?:25)*[0-9a-f]{2}|[^]/gi;
const ESCAPE = /%(?:25)*[0-9a-f]{2}/i;
/** Characters of a hetu that are masked. */
const HIDDEN = 4;

/**
 * The text with the end of every henkilötunnus replaced by stars (spec security-integrations-jobs 3.5). Beyond the
 * reference also one in small letters, or percent-encoded as in a URL (docs/adr/0044).
 */
export function maskHetut(text: string): string {
  const masked = text.replace(HETU, '$1****');
  return ESCAPE.test(masked) ? maskEscaped(masked) : masked;
}

/** Looks at the decoded text, where each unit is one character, and replaces the units. */
function maskEscaped(text: string): string {
  const units = text.match(UNIT)!;
  const plain = units.map((unit) => (unit.length === 1 ? unit : String.fromCharCode(parseInt(unit.slice(-2), 16))));
  for (const { index, 1: start } of plain.join('').matchAll(HETU)) units.fill('*', index + start!.length, index + start!.length + HIDDEN); // prettier-ignore
  return units.join('');
}
