// Prints who has changed since an instant, with names. Against `npm start` of the register:
//   node example/muuttuneet.mjs 2024-01-01T00:00:00Z
import { createClient, inBatches, oauth2 } from 'oppijanumerorekisteri-client';

const {
  ONR_URL: baseUrl = 'http://localhost:8080/oppijanumerorekisteri-service',
  ONR_TOKEN_URL: tokenUrl = 'http://localhost:8484/kayttooikeus-service/oauth2/token',
  ONR_CLIENT_ID: clientId = 'rekisterinpitaja',
  ONR_CLIENT_SECRET: clientSecret = 'rekisterinpitaja',
} = process.env;

const onr = createClient({
  baseUrl,
  login: oauth2({ tokenUrl, clientId, clientSecret }),
  callerId: '1.2.246.562.10.00000000001.example',
});

const oids = [];
for await (const oid of onr.changedSince(new Date(process.argv[2] ?? '2024-01-01T00:00:00Z'))) oids.push(oid);
for (const part of inBatches(oids, 1000)) {
  for (const { oidHenkilo, kutsumanimi, sukunimi } of await onr.perustiedot(part)) {
    console.log(`${oidHenkilo} ${kutsumanimi} ${sukunimi}`);
  }
}
