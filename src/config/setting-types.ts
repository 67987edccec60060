import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { readDatabaseUrl } from '../common/database-url.js';
import { IpRanges } from '../common/ip-ranges.js';

/** What texts of the environment are read as. A description follows `must be` in what a refused start says. */

export const text = z.string().describe('a text');

export const matching = (form: RegExp, description: string) => z.string().regex(form).describe(description);

/** @param min @param max both included */
export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .describe(`a whole number from ${min} to ${max}`);

export const share = z.string().transform(Number).pipe(z.number().min(0).max(1)).describe('a number from 0 to 1');

/** In large or small letters. */
export const boolean = z.stringbool({ truthy: ['true'], falsy: ['false'] }).describe('true or false');

export const oneOf = <const T extends readonly string[]>(values: T) =>
  z.enum(values).describe(`one of ${values.join(', ')}`);

/** A base address, without trailing slashes. */
export const httpUrl = z
  .url({ protocol: /^https?$/ })
  .transform((url) => url.replace(/\/+$/, ''))
  .describe('an http or https URL');

/** A host name without scheme and path, as its https address. */
export const httpsHost = z
  .string()
  .regex(/^[A-Za-z0-9.-]+(:\d+)?$/)
  .transform((host) => `https://${host}`)
  .pipe(z.url())
  .describe('a host name');

const DATABASE_URL_FORM = /^postgres(ql)?:\/\/[^/\s?#]*\/[^/\s?#]+/;

const anyDatabaseUrl = z
  .string()
  .regex(DATABASE_URL_FORM)
  .refine((url) => readDatabaseUrl(url) !== null);

/** Address of a PostgreSQL database that takes writes, on one server or on one of several. */
export const databaseUrl = anyDatabaseUrl
  .refine((url) => !/^(read-only|.*standby)$/.test(readDatabaseUrl(url)?.wanted ?? ''))
  .describe('postgres://user:password@host:port/database');

/** Address of a further database, whose TLS is that of the first. */
export const furtherDatabaseUrl = anyDatabaseUrl
  .refine((url) => !/[?&](sslmode|sslrootcert)=/.test(url))
  .describe('postgres://user:password@host:port/database, without sslmode and sslrootcert: TLS is as for DATABASE_URL');

/** Name of a thing in AWS. @param service between the colons */
export const arn = (service: string) =>
  z
    .string()
    .regex(new RegExp(`^arn:aws[\\w-]*:${service}:[\\w-]*:\\d+:\\S+$`))
    .describe(`an ARN of ${service}, arn:aws:${service}:…`);

export const base64 = matching(/^[A-Za-z0-9+/\s]+=*\s*$/, 'base64');

/** PEM of certificates, given itself or as the path of a file. */
export const certificates = z
  .string()
  .transform((given) => (given.startsWith('-----BEGIN') ? given : existsSync(given) ? readFileSync(given, 'utf8') : ''))
  .refine((pem) => pem.includes('-----BEGIN CERTIFICATE-----'))
  .describe('certificates in PEM or the path of a file with them');

/** Texts with commas between, as they are; `none` stands for no text. */
export const textsOf = (form: RegExp, description: string) =>
  z
    .string()
    .transform((list) => (list === 'none' ? [] : list.split(',').map((part) => part.trim())))
    .pipe(z.array(z.string().regex(form)))
    .describe(description);

/** Texts with commas between, in small letters. */
export const listOf = (form: RegExp, description: string) =>
  z
    .string()
    .transform((list) => list.split(',').map((part) => part.trim().toLowerCase()))
    .pipe(z.array(z.string().regex(form)))
    .describe(description);

export const ipRanges = z
  .string()
  .transform((list) => IpRanges.parse(list))
  .refine((ranges) => ranges !== undefined)
  .describe('addresses or networks with commas between, private or none');
