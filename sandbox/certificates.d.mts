export const PASSWORD: string;
export const ALIAS: string;
export function makeCertificates(directory: string): string;
