import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { PeerError } from '../../src/common/errors.js';
import { readConfig } from '../../src/config/config.js';
import { VtjKyselyClient } from '../../src/integrations/vtj-kysely/vtj-kysely.client.js';
import type { VtjHenkilo } from '../../src/integrations/vtj-kysely/vtj-henkilo.model.js';
import { parseVastaussanoma } from '../../src/integrations/vtj-kysely/vtj-vastaussanoma.mapper.js';
import { escapeXml } from '../../src/integrations/vtj-kysely/vtj-xml.model.js';
import { toYhteystietoryhmat } from '../../src/integrations/vtj-kysely/vtj-yhteystiedot.mapper.js';
import { certPem, issue, keyPem, write, writePkcs12, type Issued } from '../support/certificates.js';
import { FakePeer, inTurn, type FakeAnswer } from '../support/fake-peer.js';
import { vtjAnswer } from '../support/vtj-answer.js';

const HETU = '010190-900P';
const ANOTHER = '010190-901R';
const property = (name: string) => `oppijanumerorekisteri.vtjkysely.${name}`;
const clientFor = (settings: Record<string, string>) =>
  new VtjKyselyClient(
    readConfig(Object.fromEntries(Object.entries(settings).map(([name, value]) => [property(name), value]))),
  );

describe('a query', () => {
  let peer: FakePeer;
  beforeEach(async () => {
    peer = await FakePeer.start();
  });
  afterEach(() => peer.stop());
  const client = (settings = {}) =>
    clientFor({ address: `${peer.url}/vtjkysely`, username: 'u&', password: '<p>', ...settings });
  const xml = (body: string): FakeAnswer => ({ body, headers: { 'content-type': 'text/xml; charset=utf-8' } });
  const found = async (inner = ''): Promise<VtjHenkilo> => {
    peer.handle = () => xml(vtjAnswer({ inner }));
    const answer = await client().find(HETU);
    if (answer.kind !== 'found') throw new Error(answer.kind);
    return answer.henkilo;
  };

  it('sends five elements in order with the operation named in a header', async () => {
    await found();
    const [call] = peer.calls;
    expect(call!.headers).toMatchObject({
      soapaction: '"http://tempuri.org/TeeHenkilonTunnusKysely"',
      'content-type': 'text/xml; charset=utf-8',
    });
    expect(call!.headers).not.toHaveProperty('caller-id');
    const elements = [...call!.body.matchAll(/<ns3:(\w+)>([^<]*)/g)].map(([, name, value]) => [name, value]);
    expect(elements).toEqual([
      ['SoSoNimi', 'OPHREK'],
      ['Kayttajatunnus', 'u&#38;'],
      ['Salasana', '&#60;p&#62;'],
      ['Loppukayttaja', 'oppijanumerorekisteri'],
      ['Henkilotunnus', HETU],
    ]);
  });

  it('reads a person', async () => {
    expect(await found()).toEqual({
      hetu: HETU,
      etunimi: 'Anna Maija',
      kutsumanimi: 'Maija',
      sukunimi: 'Meikäläinen & Co',
      entisetNimet: [
        { laji: '05', nimi: 'Virtanen' },
        { laji: '', nimi: '' },
      ],
      sukupuoli: '2',
      turvakielto: false,
      sahkoposti: '',
      aidinkieliKoodi: 'he',
      kansalaisuusKoodit: null,
      osoitteet: [],
      kotikunta: null,
      huoltajat: [],
      huollettavat: [],
    });
  });

  it('reads nationalities, municipality, guardians and wards', async () => {
    const huoltaja = (hetu: string, laji: string) =>
      `<Huoltaja><Henkilotunnus>${hetu}</Henkilotunnus><NykyinenSukunimi><Sukunimi>S</Sukunimi></NykyinenSukunimi><NykyisetEtunimet><Etunimet>E</Etunimet></NykyisetEtunimet><Huoltotiedot><Henkilosuhdelajikoodi>${laji}</Henkilosuhdelajikoodi></Huoltotiedot></Huoltaja>`;
    const henkilo = await found(
      '<Kansalaisuus><Kansalaisuuskoodi3>736</Kansalaisuuskoodi3></Kansalaisuus><Kansalaisuus><Kansalaisuuskoodi3>230</Kansalaisuuskoodi3></Kansalaisuus>' +
        '<Kansalaisuus><Kansalaisuuskoodi3/></Kansalaisuus><Kotikunta><Kuntanumero>091</Kuntanumero></Kotikunta>' +
        huoltaja(ANOTHER, '03') +
        huoltaja('', '03') +
        huoltaja('010190-902S', '') +
        `<Huollettava><Henkilotunnus>${ANOTHER}</Henkilotunnus><Etunimet>E</Etunimet><Sukunimi>S</Sukunimi></Huollettava><Huollettava><Henkilotunnus/></Huollettava>`,
    );
    expect(henkilo).toMatchObject({
      kansalaisuusKoodit: ['729', '231'],
      kotikunta: '091',
      huoltajat: [
        { hetu: ANOTHER, etunimi: 'E', sukunimi: 'S' },
        { hetu: null, etunimi: 'E', sukunimi: 'S' },
      ],
      huollettavat: [{ hetu: ANOTHER, etunimi: 'E', sukunimi: 'S' }],
    });
  });

  it.each([
    ['Anna Maija', null],
    ['', ''],
    [' ', ''],
    ['Anna M', null],
    ['Maija ', 'Maija '],
    ['\n  Maija\n', 'Maija'],
    ['Toinen', 'Toinen'],
  ])('takes kutsumanimi %j as %j', async (given, kutsumanimi) => {
    peer.handle = () => xml(vtjAnswer().replace('<Kutsumanimi>Maija<', `<Kutsumanimi>${given}<`));
    expect(await client().find(HETU)).toMatchObject({ henkilo: { kutsumanimi } });
  });

  it('any names are read as they were written, in whatever way XML allows', () => {
    const word = fc.string({ unit: fc.constantFrom(...'Aaeé&<>"\'ÅåäöЖ李😀-.'), minLength: 1, maxLength: 8 });
    const nimi = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' '));
    const numbered = (text: string) => [...text].map((c) => `&#x${c.codePointAt(0)!.toString(16)};`).join('');
    const written = fc.constantFrom(escapeXml, numbered, (text: string) => `<![CDATA[${text}]]>`);
    fc.assert(
      fc.property(nimi, word, nimi, written, (etunimet, kutsumanimi, sukunimi, write) => {
        const answer = vtjAnswer()
          .replace('Anna Maija', () => write(etunimet))
          .replace('>Maija<', () => `>${write(kutsumanimi)}<`)
          .replace('Meik&#228;l&#xE4;inen &amp; Co', () => write(sukunimi));
        expect(parseVastaussanoma(answer).henkilo()).toMatchObject({
          etunimi: etunimet,
          kutsumanimi: kutsumanimi === etunimet ? null : kutsumanimi,
          sukunimi,
        });
      }),
    );
  });

  describe('address', () => {
    const osoite = (fields: Record<string, string>) =>
      `<VakinainenKotimainenOsoite>${Object.entries(fields)
        .map(([name, value]) => `<${name}>${value}</${name}>`)
        .join('')}</VakinainenKotimainenOsoite>`;
    const whole = {
      KatuS: 'Koulukatu',
      KatuR: 'Skolgatan',
      Katunumero: '4',
      Porraskirjain: 'B',
      Huoneistonumero: '007',
      Jakokirjain: 'a',
      Postinumero: '90100',
      PostitoimipaikkaS: 'OULU',
      PostitoimipaikkaR: 'ULEÅBORG',
    };
    const values = async (inner: string, kieli: string | null) =>
      toYhteystietoryhmat(await found(inner), kieli).map((r) => [
        r.ryhmaKuvaus,
        Object.fromEntries(r.yhteystieto.map((y) => [y.yhteystietoTyyppi.slice(12), y.yhteystietoArvo])),
      ]);

    it('gives a group in Finnish, or in Swedish for who is served in Swedish', async () => {
      const fi = { KATUOSOITE: 'Koulukatu 4 B 7 a', POSTINUMERO: '90100', KAUPUNKI: 'OULU', MAA: 'Suomi' };
      expect(await values(osoite(whole), 'fi')).toEqual([['yhteystietotyyppi4', fi]]);
      expect(await values(osoite(whole), 'sv')).toEqual([
        ['yhteystietotyyppi4', { ...fi, KATUOSOITE: 'Skolgatan 4 B 7 a', KAUPUNKI: 'ULEÅBORG', MAA: 'Finland' }],
      ]);
      expect(await values(osoite({ ...whole, KatuR: '', PostitoimipaikkaR: '' }), 'sv')).toEqual([
        ['yhteystietotyyppi4', { ...fi, MAA: 'Finland' }],
      ]);
    });

    it('leaves no gaps for missing parts and no group for an empty address', async () => {
      const [[, group] = []] = await values(
        osoite({ ...whole, Katunumero: '', Porraskirjain: '', Huoneistonumero: '000', Jakokirjain: '' }),
        null,
      );
      expect(group).toMatchObject({ KATUOSOITE: 'Koulukatu' });
      const [[, number] = []] = await values(osoite({ Katunumero: '4' }), null);
      expect(number).toMatchObject({ KATUOSOITE: '4', MAA: 'Suomi' });
      expect(await values(osoite({ KatuS: '', Postinumero: '', PostitoimipaikkaS: '' }), 'fi')).toEqual([]);
    });

    it('gives a group abroad and one for the e-mail', async () => {
      const inner =
        '<VakinainenUlkomainenOsoite><UlkomainenLahiosoite>Road 1</UlkomainenLahiosoite><UlkomainenPaikkakunta>London</UlkomainenPaikkakunta><ValtioS>Iso-Britannia</ValtioS><ValtioR>Storbritannien</ValtioR></VakinainenUlkomainenOsoite>';
      peer.handle = () => xml(vtjAnswer({ inner }).replace('<Sahkopostiosoite>', '<Sahkopostiosoite>a@example.fi'));
      const answer = await client().find(HETU);
      if (answer.kind !== 'found') throw new Error();
      expect(toYhteystietoryhmat(answer.henkilo, 'sv')).toEqual([
        {
          ryhmaKuvaus: 'yhteystietotyyppi5',
          ryhmaAlkuperaTieto: 'alkupera1',
          readOnly: true,
          yhteystieto: [
            { yhteystietoTyyppi: 'YHTEYSTIETO_KATUOSOITE', yhteystietoArvo: 'Road 1' },
            { yhteystietoTyyppi: 'YHTEYSTIETO_KAUPUNKI', yhteystietoArvo: 'London' },
            { yhteystietoTyyppi: 'YHTEYSTIETO_MAA', yhteystietoArvo: 'Storbritannien' },
          ],
        },
        {
          ryhmaKuvaus: 'yhteystietotyyppi8',
          ryhmaAlkuperaTieto: 'alkupera1',
          readOnly: true,
          yhteystieto: [{ yhteystietoTyyppi: 'YHTEYSTIETO_SAHKOPOSTI', yhteystietoArvo: 'a@example.fi' }],
        },
      ]);
    });
  });

  it.each([
    ['0000', 'found'],
    ['0018', 'found'],
    ['0001', 'notFound'],
    ['0006', 'notFound'],
    ['0002', 'passivated'],
  ])('takes return code %s for %s', async (koodi, kind) => {
    peer.handle = () => xml(vtjAnswer({ koodi, henkilo: kind === 'found' || koodi === '0002' }));
    expect(await client().find(HETU)).toMatchObject({ kind });
    expect(peer.calls).toHaveLength(1);
  });

  it('asks once more with a new henkilötunnus', async () => {
    peer.handle = inTurn(xml(vtjAnswer({ koodi: '0002', hetu: ANOTHER })), xml(vtjAnswer({ hetu: ANOTHER })));
    expect(await client().find(HETU)).toMatchObject({ kind: 'found', henkilo: { hetu: ANOTHER } });
    expect(peer.calls.map(({ body }) => /Henkilotunnus>([^<]*)</.exec(body)?.[1])).toEqual([HETU, ANOTHER]);
  });

  it.each([
    [
      'two replacements',
      inTurn(xml(vtjAnswer({ koodi: '0002', hetu: ANOTHER })), xml(vtjAnswer({ koodi: '0002', hetu: '010190-902S' }))),
    ],
    ['an unknown code', () => xml(vtjAnswer({ koodi: '0007' }))],
    ['no code', () => xml(vtjAnswer().replace(/<Paluukoodi.*<\/Paluukoodi>/, ''))],
    [
      'a fault',
      () => ({
        ...xml('<s:Envelope xmlns:s="s"><s:Body><s:Fault><faultcode>x</faultcode></s:Fault></s:Body></s:Envelope>'),
        status: 500,
      }),
    ],
    ['a fault with status 200', () => xml('<s:Envelope xmlns:s="s"><s:Body><s:Fault/></s:Body></s:Envelope>')],
    ['garbage', () => xml('%$&/<<<')],
    ['a page', () => xml('<html><body>Service unavailable</body></html>')],
    ['half a document', () => xml(vtjAnswer().slice(0, 900))],
    ['a connection cut in the middle', () => ({ ...xml(vtjAnswer()), cut: 'half' as const })],
    ['no answer', () => ({ cut: 'before' as const })],
    [
      'bytes that are not text',
      () => ({ ...xml(''), body: Buffer.from(vtjAnswer().replace('Virtanen', 'M\xe4ki'), 'latin1') }),
    ],
    ['a person without a mandatory element', () => xml(vtjAnswer().replace(/<Turvakielto>.*<\/Turvakielto>/, ''))],
    [
      'expanding entities',
      () =>
        xml(
          `<!DOCTYPE a [<!ENTITY x "aaaa"><!ENTITY y "&x;&x;&x;">]>${vtjAnswer()
            .replace(/<\?.*\?>/, '')
            .replace('Virtanen', '&y;')}`,
        ),
    ],
    [
      'a MIME message without parts',
      () => ({ body: vtjAnswer(), headers: { 'content-type': 'multipart/related; boundary=b' } }),
    ],
    [
      'a MIME message without a boundary',
      () => ({ body: vtjAnswer(), headers: { 'content-type': 'multipart/related' } }),
    ],
    ['an unknown encoding', () => ({ body: vtjAnswer(), headers: { 'content-type': 'text/xml; charset=klingon' } })],
    ['a redirect', () => ({ status: 302, headers: { location: `${peer.url}/cas/login` } })],
  ])('gives an error without personal data for %s', async (_, handle) => {
    peer.handle = handle;
    const error = await client()
      .find(HETU)
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(PeerError);
    expect(String(error)).not.toMatch(/Meik|Virtanen|0101|Anna/);
  });

  it('reads Latin-1 when the answer announces it', async () => {
    const body = Buffer.from(vtjAnswer().replace('Virtanen', 'Mäki'), 'latin1');
    peer.handle = () => ({ body, headers: { 'content-type': 'text/xml; charset=iso-8859-1' } });
    expect(await client().find(HETU)).toMatchObject({ henkilo: { entisetNimet: [{ nimi: 'Mäki' }, {}] } });
  });

  const maki = (declaration: string) =>
    vtjAnswer().replace('Virtanen', 'Mäki').replace(/<\?xml.*?\?>/, declaration); // prettier-ignore
  const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();
  const BOM = '\ufeff';
  it.each<[string, Buffer, string | null]>([
    ['a declaration', Buffer.from(maki('<?xml version="1.0" encoding="ISO-8859-1"?>'), 'latin1'), 'text/xml'],
    ['a declaration in single quotes', Buffer.from(maki(`<?xml version='1.0' encoding='iso-8859-15' standalone='yes'?>`), 'latin1'), 'text/xml'],
    ['a declaration without any content type', Buffer.from(maki('<?xml version="1.0" encoding="windows-1252"?>'), 'latin1'), null],
    ['the content type against the declaration', Buffer.from(maki('<?xml version="1.0" encoding="UTF-8"?>'), 'latin1'), 'text/xml;charset="ISO-8859-1"'],
    ['the content type in single quotes', Buffer.from(maki(''), 'latin1'), `text/xml; charset='iso-8859-1'; action="x"`],
    ['UTF-8 without saying so', Buffer.from(maki('')), 'text/xml'],
    ['a mark of UTF-8 against both', Buffer.from(BOM + maki('<?xml version="1.0" encoding="ISO-8859-1"?>')), 'text/xml; charset=iso-8859-1'],
    ['a mark of UTF-16, little end first', Buffer.from(BOM + maki('<?xml version="1.0" encoding="UTF-16"?>'), 'utf16le'), 'text/xml'],
    ['a mark of UTF-16, big end first', utf16be(BOM + maki('<?xml version="1.0" encoding="UTF-16"?>')), 'text/xml; charset=utf-8'],
    ['UTF-16 in the content type', utf16be(maki('<?xml version="1.0"?>')), 'text/xml; charset=UTF-16'],
    ['UTF-16 without a mark', Buffer.from(maki('<?xml version="1.0" encoding="UTF-16"?>'), 'utf16le'), 'text/xml'],
  ])('reads an answer whose encoding is told by %s', async (_, body, contentType) => {
    peer.handle = () => ({ body, headers: { 'content-type': contentType ?? '' } });
    expect(await client().find(HETU)).toMatchObject({ henkilo: { entisetNimet: [{ nimi: 'Mäki' }, {}] } });
  }); // prettier-ignore

  const part = (content: Buffer, ...headers: string[]) => Buffer.concat([Buffer.from(`--b=_1\r\n${headers.map((h) => `${h}\r\n`).join('')}\r\n`), content, Buffer.from('\r\n')]); // prettier-ignore
  const message = (...parts: Buffer[]) => Buffer.concat([...parts, Buffer.from('--b=_1--\r\n')]);
  const ROOT = 'Content-ID: <root@vtj>';
  const XOP = 'Content-Type: application/xop+xml; charset=ISO-8859-1; type="text/xml"';
  const latin1 = Buffer.from(maki(''), 'latin1');
  const MTOM = 'multipart/related; type="application/xop+xml"; boundary="b=_1"; start-info="text/xml"';
  it.each<[string, Buffer, string]>([
    ['one part', message(part(latin1, XOP, ROOT, 'Content-Transfer-Encoding: binary')), `${MTOM}; start="<root@vtj>"`],
    ['no start', message(part(latin1, XOP), part(Buffer.from([0, 255]), 'Content-Type: image/png')), MTOM],
    ['a root that is not the first', message(part(Buffer.from([0, 255]), 'Content-Id: <a@vtj>'), part(latin1, XOP, ROOT)), `${MTOM};start="<root@vtj>"`],
    ['a preamble and a folded header', Buffer.concat([Buffer.from('preamble\r\n'), message(part(latin1, 'Content-Type: text/xml;\r\n\tcharset=iso-8859-1'))]), MTOM],
    ['a part without headers', message(part(Buffer.from(maki('').replace('<soap:Body>', '\r\n\r\n<soap:Body>')))), MTOM],
    ['base64', message(part(Buffer.from(latin1.toString('base64').replace(/.{76}/g, '$&\r\n')), XOP, 'Content-Transfer-Encoding: BASE64')), MTOM],
    ['quoted-printable', message(part(Buffer.from(latin1.toString('latin1').replaceAll('=', '=3D').replaceAll('ä', '=E4').replace('Mäki', 'M=\r\näki'), 'latin1'), XOP, 'Content-Transfer-Encoding: quoted-printable')), MTOM],
    ['bare line feeds', Buffer.from(message(part(latin1, XOP)).toString('latin1').replaceAll('\r', ''), 'latin1'), 'Multipart/Related;boundary=b=_1'],
  ])('reads an MTOM answer with %s', async (_, body, contentType) => {
    peer.handle = () => ({ body, headers: { 'content-type': contentType } });
    expect(await client().find(HETU)).toMatchObject({ henkilo: { entisetNimet: [{ nimi: 'Mäki' }, {}] } });
    expect(peer.calls[0]!.headers.accept).toBe('text/xml, multipart/related');
  }); // prettier-ignore

  it.each([200, 202, 500])('reads a person with status %d', async (status) => {
    peer.handle = () => ({ ...xml(vtjAnswer()), status });
    expect(await client().find(HETU)).toMatchObject({ kind: 'found', henkilo: { hetu: HETU } });
  });

  it.each([201, 400, 404, 502, 503])('does not read one with status %d', async (status) => {
    peer.handle = () => ({ ...xml(vtjAnswer()), status });
    await expect(client().find(HETU)).rejects.toMatchObject({ status });
  });

  it.each<[unknown, boolean]>([
    ...['0', ' 0 ', '\n0\n', 'false', 'FALSE', 'ei'].map((flag) => [flag, false] as [unknown, boolean]),
    ...['1', '\n1\n', ' 1', 'true', 'TRUE', 'K', '01', '2', 'x', '', ' ', '\n'].map((flag) => [flag, true] as [unknown, boolean]),
  ])('the turvakielto flag %j protects: %s', async (flag, turvakielto) => {
    peer.handle = () => xml(vtjAnswer().replace('<TurvakieltoTieto>0<', `<TurvakieltoTieto>${String(flag)}<`));
    expect(await client().find(HETU)).toMatchObject({ henkilo: { turvakielto } });
  }); // prettier-ignore

  it('protects without the flag', async () => {
    peer.handle = () => xml(vtjAnswer().replace('<TurvakieltoTieto>0</TurvakieltoTieto>', ''));
    expect(await client().find(HETU)).toMatchObject({ henkilo: { turvakielto: true } });
  });

  it('reads texts and codes with lines and spaces around them', async () => {
    const answer = vtjAnswer({
      hetu: `\n  ${HETU}\n`,
      inner: '<Kansalaisuus><Kansalaisuuskoodi3>\n736 </Kansalaisuuskoodi3></Kansalaisuus><Kotikunta><Kuntanumero> 091\n</Kuntanumero></Kotikunta>',
    }); // prettier-ignore
    const spaced = answer.replace(/koodi="0000"/, 'koodi=" 0000 "').replace(/>(Anna Maija|2|IW|Virtanen|05)</g, '>\n    $1\n  <'); // prettier-ignore
    peer.handle = () => xml(spaced.replace(/<Sukunimi>.*?<\/Sukunimi>/, '<Sukunimi> \n </Sukunimi>'));
    expect(await client().find(HETU)).toMatchObject({
      kind: 'found',
      henkilo: {
        hetu: HETU,
        etunimi: 'Anna Maija',
        sukunimi: '',
        sukupuoli: '2',
        aidinkieliKoodi: 'he',
        kansalaisuusKoodit: ['729'],
        kotikunta: '091',
        entisetNimet: [{ laji: '05', nimi: 'Virtanen' }, {}],
      },
    });
  });

  it('gives up when the answer takes too long', async () => {
    peer.handle = () => ({ ...xml(vtjAnswer()), delayMs: 5_000 });
    await expect(client({ 'timeout-ms': '200' }).find(HETU)).rejects.toBeInstanceOf(PeerError);
  });
});

describe('mutual TLS', () => {
  let authority: Issued;
  let other: Issued;
  let own: Issued;
  let second: Issued;
  let server: Server;
  const seen: string[] = [];
  beforeAll(async () => {
    [authority, other] = [issue('Test authority'), issue('Another authority')];
    own = issue('opintopolku.fi', { issuer: authority, days: 20 });
    second = issue('second.fi', { issuer: authority });
    const served = issue('localhost', { issuer: authority });
    server = createServer(
      { key: keyPem(served), cert: certPem(served), ca: certPem(authority), requestCert: true },
      (request, response) => {
        seen.push(
          (request.socket as unknown as { getPeerCertificate(): { subject: { CN: string } } }).getPeerCertificate()
            .subject.CN,
        );
        response.setHeader('content-type', 'text/xml').end(vtjAnswer());
      },
    );
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  });
  afterAll(() => void server.close());

  const client = (settings: Record<string, string>) =>
    clientFor({
      enabled: 'true',
      address: `https://localhost:${(server.address() as AddressInfo).port}/`,
      ...settings,
    });
  const trust = () => ({ truststoreUri: write('trust.pem', certPem(authority)) });

  it('shows the certificate of the configured alias out of a PKCS12 store with several', async () => {
    const keystoreUri = writePkcs12({ 'second.fi': second, 'opintopolku.fi': own }, 'secret', [authority]);
    const vtj = client({
      keystoreUri,
      keystorePassword: 'secret',
      certAlias: 'opintopolku.fi',
      truststoreUri: keystoreUri,
      truststorePassword: 'secret',
    });
    await vtj.onModuleInit();
    expect(await vtj.find(HETU)).toMatchObject({ kind: 'found' });
    expect(seen.at(-1)).toBe('opintopolku.fi');
    expect((await vtj.findCertificateExpiry())!.getTime() / 86_400_000).toBeCloseTo(Date.now() / 86_400_000 + 20, 1);
  });

  it('takes PEM files', async () => {
    const vtj = client({ keystoreUri: write('key.pem', keyPem(own) + certPem(own)), ...trust() });
    expect(await vtj.find(HETU)).toMatchObject({ kind: 'found' });
    expect((await vtj.findCertificateExpiry())!.getTime()).toBeGreaterThan(Date.now());
  });

  it('refuses a server that the trust store does not know', async () => {
    const vtj = client({
      keystoreUri: write('key.pem', keyPem(own) + certPem(own)),
      truststoreUri: write('trust.pem', certPem(other)),
    });
    await expect(vtj.find(HETU)).rejects.toBeInstanceOf(PeerError);
  });

  it('knows no expiry for an alias that the store lacks', async () => {
    const vtj = client({ keystoreUri: writePkcs12({ a: own }, 'secret'), keystorePassword: 'secret', certAlias: 'b' });
    expect(await vtj.findCertificateExpiry()).toBeNull();
  });

  it.each([
    [
      'a Java key store',
      () => ({ keystoreUri: write('store.jks', Buffer.from('feedfeed00000002', 'hex')) }),
      /keytool -importkeystore -srckeystore .*store\.jks .*-deststoretype PKCS12/,
    ],
    [
      'a wrong password',
      () => ({ keystoreUri: writePkcs12({ a: own }, 'secret'), keystorePassword: 'wrong' }),
      /does not open with the given password/,
    ],
    ['another file', () => ({ keystoreUri: write('x', 'hello') }), /neither PKCS12 nor PEM/],
    ['a missing file', () => ({ keystoreUri: '/nowhere/x' }), /cannot be read \(ENOENT\)/],
    [
      'several keys without an alias',
      () => ({ keystoreUri: writePkcs12({ a: own, b: second }, 's'), keystorePassword: 's' }),
      /certAlias/,
    ],
  ])('does not start with %s', async (_, settings, message) => {
    await expect(client(settings()).onModuleInit()).rejects.toThrow(message);
  });
});
