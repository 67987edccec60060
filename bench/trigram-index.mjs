#!/usr/bin/env node
/**
 * The index of the duplicate search without HTTP and database: processor time to build it and of its longest step, memory,
 * and processor time of searches, each by itself and sixteen at a time. Texts are invented, the same ones every time. After `npm run build`:
 *
 *   scripts/small-heap.cjs bench/trigram-index.mjs [--persons 3000000] [--names populate|many] [--index MODULE]
 *
 * populate: names as bench/populate.sql makes them (50 first names, 3 200 surnames); many: three first names of 20 000 and
 * surnames of 100 000, few of them frequent, so that hardly two persons share all first names. --index: another build's
 * dist/hakuteksti/trigram-index.model.js to compare with (docs/performance.md, "Duplicates").
 */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    persons: { type: 'string', default: '3000000' },
    names: { type: 'string', default: 'populate' },
    searches: { type: 'string', default: '800' },
    index: { type: 'string', default: new URL('../dist/hakuteksti/trigram-index.model.js', import.meta.url).pathname },
  },
});
const PERSONS = Number(values.persons);
const SEARCHES = Number(values.searches);
/** As the service reads them from the database. */
const TEXTS_OF_STEP = 5000;
const AT_A_TIME = 16;
const MB = 2 ** 20;

const { TrigramIndex } = await import(pathToFileURL(resolve(values.index)).href);

const FIRST =
  'aino anna maria helena johanna kaarina liisa sofia emilia olivia aada elli venla lilja hilla iida sanna paivi ritva tuula eino olavi juhani johannes mikael antero tapani kalevi tapio matti vaino leo elias oliver onni eetu joona ake jean-luc mohamed aleksandr nguyen fatima bjorn orjan eero kalle ville jari timo'.split(
    ' ',
  );
const HEADS =
  'korho virta maki niemi hama lai heikki koski jarvi lehto saari salmi heino kinnu salo turu ranta tuomi karja joki matti savo lahti aho leppa hilti vaisa pelto haka oja pitka kallio aalto rauta kuusi honka haapa koivu peta rinta yla ala uusi vanha iso pikku kivi hieta santa multa kangas korpi suo lampi vuori harju kuja piha talo tupa mylly seppa kauppi sotka kotka korppi varis hirvi karhu kettu susi ilves orava lohi hauki ahven kuha siika aker oster'.split(
    ' ',
  );
const TAILS =
  'nen la la maki niemi ranta salo jarvi koski lahti vaara saari oja aho harju kangas korpi suo lampi vuori luoto puro virta pelto maa kallio kivi metsa linna talo lainen lainen sto nius berg strom blom gren man lund'.split(
    ' ',
  );
const md5 = (text) => createHash('md5').update(text).digest('hex');
const LAST = HEADS.flatMap((head) => TAILS.map((tail) => head + tail)).sort((a, b) => (md5(a) < md5(b) ? -1 : 1));

const birthDate = (n) => new Date(Date.UTC(1940, 0, 1 + ((n * 7919) % 29_000))).toISOString().slice(0, 10);

function populateText(n) {
  const first = FIRST[(n * 13) % 50];
  const second = FIRST[(Math.floor(n / 50) * 7 + 3) % 50];
  const last = LAST[(n * 31 + Math.floor(n / 97)) % LAST.length] + (n % 40 === 0 ? `-${LAST[n % 977]}` : '');
  return `${first} ${second} ${first} ${last} ${birthDate(n)}`;
}

/** 0 to 1, the same for one number. */
function random(n) {
  let t = Math.imul(n ^ 0x9e3779b9, 0x85ebca6b);
  t = Math.imul(t ^ (t >>> 13), 0xc2b2ae35);
  return ((t ^ (t >>> 16)) >>> 0) / 2 ** 32;
}
const SYLLABLES = [...'kaeilomnoptrsuvyh'].flatMap((c) => [...'aeiouy'].map((v) => c + v));
const word = (n, syllables) =>
  Array.from({ length: syllables }, (_, i) => SYLLABLES[Math.floor(random(n * 8 + i) * SYLLABLES.length)]).join('');
const MANY_FIRST = Array.from({ length: 20_000 }, (_, n) => word(n, 2 + (n % 3)));
const MANY_LAST = Array.from({ length: 100_000 }, (_, n) => word(n + 1e6, 3 + (n % 3)) + (n % 3 === 0 ? 'nen' : ''));
/** The first of the list are frequent, as names are. */
const frequent = (list, n) => list[Math.floor(list.length ** random(n)) - 1];

function manyText(n) {
  const [first, second, third] = [1, 2, 3].map((k) => frequent(MANY_FIRST, n * 5 + k));
  return `${first} ${second} ${third} ${first} ${frequent(MANY_LAST, n * 5 + 4)} ${birthDate(n)}`;
}

const textOf = values.names === 'many' ? manyText : populateText;
/** Milliseconds of this thread's processor time: other work on the machine does not count. */
const cpu = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};
const ms = (value) => `${value < 10 ? value.toFixed(2) : Math.round(value)} ms`;
const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];
const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
const memory = () => {
  globalThis.gc?.();
  return process.memoryUsage();
};

const before = memory();
const index = new TrigramIndex();
let [processing, longest] = [0, 0];
for (let n = 1; n <= PERSONS;) {
  const texts = [];
  for (const end = Math.min(PERSONS, n + TEXTS_OF_STEP - 1); n <= end; n++) texts.push([n, textOf(n)]);
  const began = cpu();
  for (const [id, text] of texts) index.add(id, text);
  const step = cpu() - began;
  processing += step;
  longest = Math.max(longest, step);
  await nextTurn();
}
const lastBegan = cpu();
index.settle?.();
longest = Math.max(longest, cpu() - lastBegan);
const after = memory();
const outside = ({ arrayBuffers, heapUsed }) => arrayBuffers + heapUsed;
console.log(`${values.names}, ${PERSONS} persons: built in ${ms(processing)}, longest step ${ms(longest)}`); // prettier-ignore
console.log(
  `memory: ${((outside(after) - outside(before)) / MB).toFixed(0)} MB (${((outside(after) - outside(before)) / PERSONS).toFixed(1)} bytes a person), ` +
    `resident ${(after.rss / MB).toFixed(0)} MB (${(before.rss / MB).toFixed(0)} before)`,
);

/** Persons from all of the register, a third of them without birth date, a third with a slip in the surname. */
const question = (i) => {
  const text = textOf(1 + Math.floor(random(i + 7e6) * PERSONS));
  if (i % 3 === 0) return text.slice(0, -10);
  return i % 3 === 1 ? text.slice(0, -13) + 'x' + text.slice(-12) : text;
};
const firstBegan = cpu();
index.find(question(0));
console.log(`the first search: ${ms(cpu() - firstBegan)}`);
for (let i = 0; i < 50; i++) index.find(question(i));

const alone = [];
let hits = 0;
for (let i = 0; i < SEARCHES; i++) {
  const text = question(i);
  const began = cpu();
  hits += index.find(text).length;
  alone.push(cpu() - began);
}
alone.sort((a, b) => a - b);
const together = [];
for (let i = 0; i < SEARCHES; i += AT_A_TIME) {
  const began = cpu();
  for (let k = 0; k < AT_A_TIME; k++) {
    index.find(question(i + k));
    together.push(cpu() - began); // the event loop does one after the other
  }
}
together.sort((a, b) => a - b);
for (const [name, times] of Object.entries({ 'each by itself': alone, '16 at a time': together }))
  console.log(
    `${name}: mean ${ms(mean(times))}, p50 ${ms(quantile(times, 0.5))}, p99 ${ms(quantile(times, 0.99))}, most ${ms(times.at(-1))}`,
  );
console.log(`${(hits / SEARCHES).toFixed(1)} found by a search`);
