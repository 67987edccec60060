import { readDatabaseUrl } from './database-url.js';

describe('the address of a database', () => {
  it('of one server is the driver’s to read', () => {
    const url = 'postgres://a:b%40c@db:5432/onr?application_name=x';
    expect(readDatabaseUrl(url)).toEqual({ servers: [], wanted: null, ofFirst: url });
    const socket = 'postgres://%2Fvar%2Frun/onr';
    expect(readDatabaseUrl(socket)).toEqual({ servers: [], wanted: null, ofFirst: socket });
  });

  it('names several servers, each with its own port or 5432, and which is meant', () => {
    const url =
      'postgres://a:b%40c@db-1:5433,db-2.example.fi,[2001:db8::1]:5434/onr?target_session_attrs=primary&application_name=x';
    expect(readDatabaseUrl(url)).toEqual({
      wanted: 'primary',
      ofFirst: 'postgres://a:b%40c@db-1:5433/onr?application_name=x',
      servers: [
        { host: 'db-1', port: 5433, url: 'postgres://a:b%40c@db-1:5433/onr?application_name=x' },
        { host: 'db-2.example.fi', port: 5432, url: 'postgres://a:b%40c@db-2.example.fi:5432/onr?application_name=x' },
        { host: '2001:db8::1', port: 5434, url: 'postgres://a:b%40c@[2001:db8::1]:5434/onr?application_name=x' },
      ],
    });
    expect(readDatabaseUrl('postgresql://db/onr?target_session_attrs=read-write')).toEqual({
      wanted: 'read-write',
      ofFirst: 'postgresql://db:5432/onr',
      servers: [{ host: 'db', port: 5432, url: 'postgresql://db:5432/onr' }],
    });
    expect(readDatabaseUrl('postgres://u@a,b/onr')?.wanted).toBeNull();
  });

  it.each([
    'mysql://a@db/onr',
    'postgres://a@db,/onr',
    'postgres://a@,db/onr',
    'postgres://a@db:0,db2/onr',
    'postgres://a@db:70000,db2/onr',
    'postgres://a@db:x,db2/onr',
    'postgres://a@db,db2',
    'postgres://a@db,db2/',
    'postgres://a@db/onr?target_session_attrs=master',
    'postgres://a@d b,db2/onr',
    `postgres://a@${Array.from({ length: 11 }, (_, i) => `db${i}`).join(',')}/onr`,
  ])('%s is none', (url) => {
    expect(readDatabaseUrl(url)).toBeNull();
  });
});
