const HETU = /\b(\d{6}[-+ABCDEFYXWVU])\d{3}\w(\W|\b)/g;

/** The text with the end of every henkilötunnus replaced by stars (spec security-integrations-jobs 3.5). */
export const maskHetut = (text: string): string => text.replace(HETU, '$1****$2');

const HETU_IN_REQUEST_LINE = /\b(\d{6}[-+ABCDEFYXWVU])\d{3}\w(\W)/g;

/** The same for the access log's request line, where only a following character ends a hetu. */
export const maskRequestLine = (line: string): string => line.replace(HETU_IN_REQUEST_LINE, '$1****$2');
