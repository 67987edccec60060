/** Ages, both included: this year less the year of birth. */
export interface Ikahaarukka {
  readonly nuorin: number;
  readonly vanhin: number;
}

/** The years of birth of a span of ages, from that of the wanted age outward: wanted, one younger, one older, two younger … */
export function listVuodet(thisYear: number, wanted: number, { nuorin, vanhin }: Ikahaarukka): number[] {
  const iat = [wanted];
  for (let distance = 1; distance <= vanhin - nuorin; distance++) iat.push(wanted - distance, wanted + distance);
  return iat.filter((ika) => ika >= nuorin && ika <= vanhin).map((ika) => thisYear - ika);
}
