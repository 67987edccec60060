const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Days whose offset is remembered: a hundred years, then it begins anew. */
const MAX_DAYS_FROM_EPOCH = 36_525;

const offsetName = new Intl.DateTimeFormat('en-US', { timeZone: 'Europe/Helsinki', timeZoneName: 'longOffset' });

/** Offset by day since 1970 in UTC, in minutes; NaN: the clocks change on that day. */
const offsets = new Map<number, number>();

/** An instant (epoch milliseconds) in Europe/Helsinki, e.g. `1970-12-06T22:53:20.000+02:00`. */
export function toHelsinkiText(instant: number): string {
  const minutes = helsinkiOffset(instant);
  const local = new Date(instant + minutes * MINUTE_MS).toISOString().slice(0, -1);
  return local + offsetText(minutes);
}

/** Minutes that clocks in Helsinki are ahead of UTC at an instant (epoch milliseconds). */
export function helsinkiOffset(instant: number): number {
  const day = Math.floor(instant / DAY_MS);
  let offset = offsets.get(day);
  if (offset === undefined) {
    const first = computeOffset(day * DAY_MS);
    offset = first === computeOffset((day + 1) * DAY_MS) ? first : NaN;
    if (offsets.size >= MAX_DAYS_FROM_EPOCH) offsets.clear();
    offsets.set(day, offset);
  }
  return Number.isNaN(offset) ? computeOffset(instant) : offset;
}

function computeOffset(instant: number): number {
  const name = offsetName.formatToParts(instant).find((part) => part.type === 'timeZoneName')!.value;
  const match = /^GMT([+-])(\d\d):(\d\d)/.exec(name);
  return match ? Number(`${match[1]}1`) * (Number(match[2]) * 60 + Number(match[3])) : 0;
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
