const HETU = /\b(\d{6}[-+ABCDEFYXWVU])\d{3}\w(\W|\b)/g;

/** The text with the end of every henkilötunnus replaced by stars (spec security-integrations-jobs 3.5). */
export const maskHetut = (text: string): string => text.replace(HETU, '$1****$2');
