#!/usr/bin/env node
/**
 * Milliseconds of reading and validating 10 000 import rows, medians of many passes: by our executor, and by class-transformer's
 * plainToInstance with class-validator's validateSync on the same decorators. After `npm run build`: node bench/dto-validation.mjs
 * (docs/adr/0108-class-validator.md).
 */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
require('reflect-metadata');
const { plainToInstance } = require('class-transformer');
const { validateSync } = require('class-validator');
const { readObject } = require('../dist/http/binding/fields.js');
const { DtoValidator } = require('../dist/http/binding/validate.js');
const { OppijaTuontiCreateDto } = require('../dist/oppijat-tuonti/dto/oppija-tuonti-create.dto.js');

const PASSES = 15;
const henkilot = Array.from({ length: 10_000 }, (_, n) => ({
  tunniste: `rivi ${n}`,
  henkilo: {
    ...{ oid: null, hetu: '010190-900P', passinumero: `P${n}`, sahkoposti: `a${n}@example.fi` },
    ...{ etunimet: 'Aku Armas', kutsumanimi: 'Aku', sukunimi: 'Ankka', syntymaaika: '1990-01-01' },
    ...{ sukupuoli: { koodi: '1' }, aidinkieli: { koodi: 'FI' }, kansalaisuus: [{ koodi: '246' }] },
  },
}));
const body = JSON.parse(JSON.stringify({ sahkoposti: 'a@example.fi', henkilot }));
const validator = new DtoValidator({ allowFakeSsn: true });

const WAYS = {
  'our executor': () => validator.validate(readObject(OppijaTuontiCreateDto, body, '')),
  'plainToInstance and validateSync': () => {
    const errors = validateSync(plainToInstance(OppijaTuontiCreateDto, body));
    if (errors.length > 0) throw new Error(String(errors[0]));
  },
};

for (const [name, run] of Object.entries(WAYS)) {
  const times = Array.from({ length: PASSES }, () => {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  }).sort((a, b) => a - b);
  console.log(`${name}: ${times[PASSES >> 1].toFixed(0)} ms of CPU (fastest ${times[0].toFixed(0)})`);
}
