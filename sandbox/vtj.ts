/** VTJ: the query (SOAP 1.1) and the change API, both over the same invented persons (docs/spec/security-integrations-jobs.md#4.8, docs/spec/security-integrations-jobs.md#4.9; docs/spec/yksilointi-vtj.md#4, 5). */
import { element, escape, json, xml } from './http.ts';
import { vtjPersons, type VtjPerson, type VtjRelative } from './persons.ts';
import type { Context, Route } from './route.ts';
import type { Muutos } from './state.ts';

const known = vtjPersons();

const wrap = (name: string, body: string) => `<${name}>${body}</${name}>`;

function homeAddress(o: VtjPerson['osoite']) {
  if (!o) return '';
  const fields = {
    LahiosoiteS: o.lahiosoiteS,
    LahiosoiteR: o.lahiosoiteR,
    KatuS: o.katuS,
    KatuR: o.katuR,
    Katunumero: o.katunumero,
    Porraskirjain: o.porraskirjain,
    Huoneistonumero: o.huoneistonumero,
    Jakokirjain: o.jakokirjain,
    Postinumero: o.postinumero,
    PostitoimipaikkaS: o.postitoimipaikkaS,
    PostitoimipaikkaR: o.postitoimipaikkaR,
  };
  return wrap(
    'VakinainenKotimainenOsoite',
    Object.entries(fields)
      .map(([name, value]) => element(name, value))
      .join(''),
  );
}

function foreignAddress(o: VtjPerson['ulkomainen']) {
  if (!o) return '';
  return wrap(
    'VakinainenUlkomainenOsoite',
    element('UlkomainenLahiosoite', o.lahiosoite) +
      element('UlkomainenPaikkakunta', o.paikkakunta) +
      element('Valtiokoodi3', o.valtiokoodi) +
      element('ValtioS', o.valtioS) +
      element('ValtioR', o.valtioR),
  );
}

const guardian = (h: VtjRelative) =>
  wrap(
    'Huoltaja',
    element('Henkilotunnus', h.hetu) +
      wrap('NykyinenSukunimi', element('Sukunimi', h.sukunimi)) +
      wrap('NykyisetEtunimet', element('Etunimet', h.etunimet)) +
      wrap('Huoltotiedot', element('Henkilosuhdelajikoodi', h.suhde ?? '03')),
  );

const ward = (h: VtjRelative) =>
  wrap(
    'Huollettava',
    element('Henkilotunnus', h.hetu) + element('Etunimet', h.etunimet) + element('Sukunimi', h.sukunimi),
  );

const personXml = (hetu: string, p: VtjPerson) =>
  wrap(
    'Henkilo',
    [
      `<Henkilotunnus voimassaolokoodi="${p.voimassaolokoodi ?? '1'}">${escape(p.uusiHetu ?? hetu)}</Henkilotunnus>`,
      wrap('NykyinenSukunimi', element('Sukunimi', p.sukunimi)),
      wrap('NykyisetEtunimet', element('Etunimet', p.etunimet)),
      wrap('NykyinenKutsumanimi', element('Kutsumanimi', p.kutsumanimi)),
      ...(p.entisetNimet ?? []).map((n) =>
        wrap('EntinenNimi', element('Nimi', n.nimi) + element('Nimilajikoodi', n.laji)),
      ),
      homeAddress(p.osoite),
      foreignAddress(p.ulkomainen),
      p.kotikunta ? wrap('Kotikunta', element('Kuntanumero', p.kotikunta)) : '',
      p.kuolinpvm ? wrap('Kuolintiedot', element('Kuolinpvm', p.kuolinpvm)) : '',
      wrap('Sukupuoli', element('Sukupuolikoodi', p.sukupuoli ?? '1')),
      wrap('Aidinkieli', element('Kielikoodi', p.aidinkieli ?? 'fi')),
      wrap('Turvakielto', element('TurvakieltoTieto', p.turvakielto ? '1' : '0')),
      ...(p.kansalaisuus ?? []).map((code) => wrap('Kansalaisuus', element('Kansalaisuuskoodi3', code))),
      element('Sahkopostiosoite', p.sahkoposti),
      ...(p.huoltajat ?? []).map(guardian),
      ...(p.huollettavat ?? []).map(ward),
    ].join(''),
  );

/** The whole envelope; `p` undefined: code 0001. */
function answer(hetu: string, p: VtjPerson | undefined) {
  const code = p ? (p.paluukoodi ?? '0000') : '0001';
  return xml(
    '<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>' +
      '<TeeHenkilonTunnusKyselyResponse xmlns="http://tempuri.org/"><TeeHenkilonTunnusKyselyResult>' +
      '<VTJHenkiloVastaussanoma xmlns="http://xml.vrk.fi/schema/vtjkysely" sanomatunnus="OPHREK" versio="1.0" tietojenPoimintaaika="20260101000000">' +
      '<Asiakasinfo><InfoS>tietoja</InfoS><InfoR>data</InfoR><InfoE>info</InfoE></Asiakasinfo>' +
      `<Paluukoodi koodi="${escape(code)}">${code === '0000' ? 'Haku onnistui' : 'Haku epaonnistui'}</Paluukoodi>` +
      `<Hakuperusteet><Henkilotunnus hakuperustePaluukoodi="${p ? '1' : '0'}" hakuperusteTekstiS="" hakuperusteTekstiR="" hakuperusteTekstiE="">${escape(hetu)}</Henkilotunnus></Hakuperusteet>` +
      `${p ? personXml(hetu, p) : ''}</VTJHenkiloVastaussanoma></TeeHenkilonTunnusKyselyResult></TeeHenkilonTunnusKyselyResponse></soap:Body></soap:Envelope>`,
  );
}

/** The snapshot that the change API gives of a person whom VTJ knows. */
const snapshot = (hetu: string, p: VtjPerson): readonly unknown[] => [
  { tietoryhma: 'HENKILON_NIMI', etunimi: p.etunimet, sukunimi: p.sukunimi },
  { tietoryhma: 'KUTSUMANIMI', nimilaji: 'NYKYINEN_KUTSUMANIMI', nimi: p.kutsumanimi },
  { tietoryhma: 'HENKILOTUNNUS_KORJAUS', aktiivinenHenkilotunnus: hetu },
  { tietoryhma: 'SUKUPUOLI', sukupuoli: p.sukupuoli === '2' ? 'NAINEN' : 'MIES' },
  { tietoryhma: 'AIDINKIELI', kielikoodi: p.aidinkieli },
  { tietoryhma: 'TURVAKIELTO', turvakieltoAktiivinen: Boolean(p.turvakielto) },
  {
    tietoryhma: 'KANSALAISUUS',
    henkilonKansalaisuudet: (p.kansalaisuus ?? []).map((kansalaisuuskoodi) => ({ kansalaisuuskoodi })),
  },
  ...(p.kotikunta
    ? [{ tietoryhma: 'KOTIKUNTA', kuntakoodi: p.kotikunta, kuntaanMuuttopv: { arvo: '2010-01-01', tarkkuus: 'PAIVA' } }]
    : []),
  ...(p.sahkoposti ? [{ tietoryhma: 'SAHKOPOSTIOSOITE', sahkopostiosoite: p.sahkoposti }] : []),
];

/** Body of a request for changes or snapshots. */
interface Question {
  readonly hetulista: readonly string[];
  readonly viimeisinKirjausavain: number;
}

export function vtjRoutes({ state }: Context): Route[] {
  const find = (hetu: string): VtjPerson | undefined => {
    const set = state.settings.vtj[hetu];
    return set === undefined ? known[hetu] : (set ?? undefined);
  };
  const perustiedot = (hetu: string) => {
    const person = find(hetu);
    return state.settings.perustiedot[hetu] ?? (person && snapshot(hetu, person));
  };
  const FIRST_KEY = 1001;
  return [
    [
      'vtjkysely',
      'POST',
      /^\/vtjkysely$/,
      (_, { body }) => {
        const hetu = /Henkilotunnus>([^<]*)</.exec(body)?.[1] ?? '';
        return answer(hetu, find(hetu));
      },
    ],
    [
      'muutosrajapinta',
      'GET',
      /\/VTJmutpa\/VTJmutpa\/api\/v1\/kirjausavain\/[\d-]+$/,
      () => json({ viimeisinKirjausavain: state.settings.kirjausavain }),
    ],
    [
      'muutosrajapinta',
      'POST',
      /\/VTJmutpa\/VTJmutpa\/api\/v1\/muutokset$/,
      (_, { data }) => {
        const { hetulista, viimeisinKirjausavain } = data as Question;
        const keyOf = (change: Muutos) => change.avain ?? FIRST_KEY;
        const changes = state.settings.muutokset.filter(
          (m) => hetulista.includes(m.henkilotunnus) && keyOf(m) > viimeisinKirjausavain,
        );
        return json({
          viimeisinKirjausavain: Math.max(viimeisinKirjausavain, ...changes.map(keyOf)),
          ajanTasalla: true,
          muutokset: changes.map(({ avain: _avain, ...change }) => change),
        });
      },
    ],
    [
      'muutosrajapinta',
      'POST',
      /\/VTJmutpa\/VTJmutpa\/api\/v1\/perustiedot$/,
      (_, { data }) =>
        json({
          ajanTasalla: true,
          perustiedot: (data as Question).hetulista
            .filter((hetu) => perustiedot(hetu))
            .map((hetu) => ({ henkilotunnus: hetu, tietoryhmat: perustiedot(hetu) })),
        }),
    ],
  ];
}
