/** Answers of the VTJ query, put together as VTJ does: every element is there, empty when there is nothing. */
export function vtjAnswer({ koodi = '0000', hetu = '010190-900P', henkilo = true, inner = '' } = {}): string {
  const person = `<Henkilo>
    <Henkilotunnus voimassaolokoodi="1">${hetu}</Henkilotunnus>
    <NykyinenSukunimi><Sukunimi>Meik&#228;l&#xE4;inen &amp; Co</Sukunimi></NykyinenSukunimi>
    <NykyisetEtunimet><Etunimet>Anna Maija</Etunimet></NykyisetEtunimet>
    <NykyinenKutsumanimi><Kutsumanimi>Maija</Kutsumanimi></NykyinenKutsumanimi>
    <EntinenNimi><Nimi>Virtanen</Nimi><Nimilajikoodi>05</Nimilajikoodi></EntinenNimi>
    <EntinenNimi><Nimi/><Nimilajikoodi/></EntinenNimi>
    <Sukupuoli><Sukupuolikoodi>2</Sukupuolikoodi></Sukupuoli>
    <Aidinkieli><Kielikoodi>IW</Kielikoodi></Aidinkieli>
    <Turvakielto><TurvakieltoTieto>0</TurvakieltoTieto></Turvakielto>
    <Sahkopostiosoite></Sahkopostiosoite>${inner}
  </Henkilo>`;
  return `<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
<TeeHenkilonTunnusKyselyResponse xmlns="http://tempuri.org/"><TeeHenkilonTunnusKyselyResult>
<v:VTJHenkiloVastaussanoma xmlns:v="http://xml.vrk.fi/schema/vtjkysely" xmlns="http://xml.vrk.fi/schema/vtjkysely" versio="1.0">
<Paluukoodi koodi="${koodi}">x</Paluukoodi>${henkilo ? person : ''}
</v:VTJHenkiloVastaussanoma></TeeHenkilonTunnusKyselyResult></TeeHenkilonTunnusKyselyResponse></soap:Body></soap:Envelope>`;
}
