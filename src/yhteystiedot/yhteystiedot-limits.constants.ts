/** Most values of one group of contact details: far above what anybody has, so that no request fills the memory. */
export const MAX_YHTEYSTIEDOT = 100;
