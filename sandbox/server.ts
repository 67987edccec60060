#!/usr/bin/env node
/**
 * Stand-ins for every system around the register, in one process on one port: CAS, the OAuth2 issuer, käyttöoikeus-,
 * koodisto- and organisaatiopalvelu, Ataru, Haku-app, viestinvälitys, VTJ query and change API, Slack, AWS STS and SNS.
 *
 *   node sandbox/server.ts [port]        default 8484; 0 takes a free one
 *
 * SANDBOX_ORIGIN: the address in tokens and links, when callers know this process by another one than
 * http://localhost:<port>. SANDBOX_SERVICE: the register's address, for links. SANDBOX_VTJ_PORT and
 * SANDBOX_CERTIFICATES (a directory made by certificates.ts): the VTJ query also over HTTPS with mutual TLS.
 *
 * Pages for people: / (addresses, users, tokens, messages). Control endpoints for tests, as the conformance kit's:
 *   POST /__test/token    { sub, roles, expiresIn? } → a signed token; or { user: name of a sandbox user }
 *   POST /__test/ticket   { oidHenkilo, roles } or { user } → a service ticket that fits every service
 *   POST /__test/state    merges into the state (sandbox/state.ts); `fail: { peer: status }`, `delay: { peer: ms }`
 *   POST /__test/rotate   { forgetOld? } a new signing key
 *   POST /__test/logout   { ticket, url } posts a single logout to url
 *   POST /__test/reset    forgets state, messages, traffic, tickets
 *   GET  /__test/traffic  requests since the reset, { peer, method, path, body }
 *   GET  /__test/health
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { assertionOf, Cas, casRoutes, postLogoutRequest } from './cas.ts';
import { casServiceRoutes } from './cas-services.ts';
import { escape, json, page, text } from './http.ts';
import { kayttooikeusRoutes } from './kayttooikeus.ts';
import { koodistoRoutes } from './koodisto.ts';
import { messageRoutes } from './messages.ts';
import { Issuer, oauth2Routes } from './oauth2.ts';
import { organisaatioRoutes } from './organisaatio.ts';
import { persons } from './persons.ts';
import { SandboxState } from './state.ts';
import { users } from './users.ts';
import { vtjRoutes } from './vtj.ts';

const MAX_BODY = 50 * 1024 * 1024;

const userCalled = (name) => {
  const user = users.find((u) => u.name === name);
  if (!user) throw new Error(`no user ${name}`);
  return user;
};

function controlRoutes({ state, cas, issuer }) {
  const tokenOf = ({ user, ...claims }) =>
    user ? { sub: userCalled(user).oid, roles: userCalled(user).roles, ...claims } : claims;
  const handlers = {
    'POST token': ({ data }) => text(issuer.token(tokenOf(data))),
    'POST ticket': ({ data }) =>
      text(cas.grant(data.user && !data.oidHenkilo ? assertionOf(userCalled(data.user)) : data, null)),
    'POST state': ({ data }) => json(state.merge(data)),
    'POST rotate': ({ data }) => json((issuer.rotate(data), issuer.jwks())),
    'POST logout': async ({ data }) => json({ status: await postLogoutRequest(data.url, data.ticket) }),
    'POST reset': () => json((state.reset(), cas.reset(), {})),
    'GET traffic': () => json(state.traffic),
    'GET health': () => text('ok'),
  };
  return ([, name], call) =>
    handlers[`${call.request.method} ${name}`]?.(call) ?? text('no such control endpoint', 404);
}

function homePage({ state, origin, service }) {
  const links = service
    ? `<p>The register: <a href="${escape(service)}/swagger-ui/index.html">Swagger UI</a> (asks for a login), <a href="${escape(service)}/actuator/health">health</a>.</p>`
    : '';
  const userRows = users
    .map(
      ({ name, oid, title }) =>
        `<tr><td>${name}<td>${escape(title)}<td>${oid ?? ''}<td>${oid ? `<a href="/token/${name}">token</a>` : ''}`,
    )
    .join('');
  const kind = (p) =>
    [
      p.yksilointi,
      p.turvakielto && 'turvakielto',
      p.kuolinpaiva && 'dead',
      p.passivoitu && 'passive',
      p.master && `duplicate of ${p.master}`,
    ]
      .filter(Boolean)
      .join(', ');
  const personRows = persons
    .map((p) => `<tr><td>${escape(`${p.etunimet} ${p.sukunimi}`)}<td>${p.oid}<td>${p.hetu ?? ''}<td>${escape(kind(p))}`)
    .join('');
  return page(
    'Sandbox',
    `${links}<p><a href="/viestit">Mails</a> ${state.lahetykset.length} · SNS messages ${state.messages.sns.length} · Slack messages ${state.messages.slack.length} · <a href="/__test/traffic">traffic</a> · <a href="/cas/login">log in</a> · <a href="/cas/logout">log out</a></p>
<h2>Users</h2><p class="note">The password is the name. Name and password are also an OAuth2 client at ${escape(origin())}/kayttooikeus-service/oauth2/token.</p>
<table><tr><th>Name<th>For<th>OID<th>${userRows}</table><h2>Persons</h2><table><tr><th>Name<th>OID<th>Hetu<th>${personRows}</table>`,
  );
}

/**
 * @param {object} [options]
 * @param {number} [options.port] 0 takes a free one
 * @param {string} [options.origin] the address that tokens and links carry; default http://localhost:<port>
 * @param {string} [options.service] the register's address, for the links of the pages
 * @param {{ port: number, directory: string }} [options.vtjTls] the VTJ query over HTTPS that asks for a client certificate
 * @returns {Promise<{ url: string, port: number, state: SandboxState, vtjTlsPort?: number, close: () => Promise<void> }>}
 */
export async function startSandbox({ port = 8484, origin, service, vtjTls } = {}) {
  let url = '';
  const context = { state: new SandboxState(), cas: new Cas(), service, origin: () => origin ?? url };
  context.issuer = new Issuer(() => `${context.origin()}/kayttooikeus-service`);
  const control = controlRoutes(context);
  const routes = [
    ['sandbox', 'GET', /^\/$/, () => homePage(context)],
    ...[
      casRoutes,
      oauth2Routes,
      kayttooikeusRoutes,
      koodistoRoutes,
      organisaatioRoutes,
      casServiceRoutes,
      vtjRoutes,
      messageRoutes,
    ].flatMap((make) => make(context)),
  ];

  async function answer(request, only) {
    const path = new URL(request.url, 'http://sandbox');
    const chunks = [];
    let size = 0;
    for await (const chunk of request) {
      size += chunk.length;
      if (size > MAX_BODY) return text('too large', 413);
      chunks.push(chunk);
    }
    const body = Buffer.concat(chunks).toString('utf8');
    const call = { request, url: path, body, form: new URLSearchParams(body), data: undefined };
    if (/^\s*[[{"tfn\d-]/.test(body)) {
      try {
        call.data = JSON.parse(body);
      } catch {
        // Not JSON: the handlers have the text.
      }
    }
    const controlled = !only && /^\/__test\/([a-z]+)$/.exec(path.pathname);
    if (controlled) return control(controlled, { ...call, data: call.data ?? {} });
    for (const [peer, method, pattern, handle] of routes) {
      const match = request.method === method && (!only || only === peer) && pattern.exec(path.pathname);
      if (!match) continue;
      const { state } = context;
      if (peer !== 'sandbox') {
        const seen = peer === 'aws' ? Object.fromEntries(call.form) : (call.data ?? (body || undefined));
        state.record({ peer, method, path: path.pathname + path.search, body: seen });
        if (state.delay[peer]) await new Promise((resolve) => setTimeout(resolve, state.delay[peer]));
        if (state.fail[peer]) return text('failure asked for', state.fail[peer]);
      }
      return handle(match, call);
    }
    context.state.record({ peer: 'unknown', method: request.method, path: request.url, body });
    return text(`no such route: ${request.method} ${path.pathname}`, 404);
  }

  const listener = (only) => async (request, response) => {
    const { status, headers, body } = await answer(request, only).catch((error) => text(String(error.message), 500));
    if (response.destroyed) return;
    response.writeHead(status, headers);
    response.end(body);
  };
  const listen = (server, at) =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(at, () => resolve(server.address().port));
    });

  const servers = [createServer(listener())];
  const listening = await listen(servers[0], port);
  url = `http://localhost:${listening}`;
  let vtjTlsPort;
  if (vtjTls) {
    const pem = (name) => readFileSync(join(vtjTls.directory, name));
    servers.push(
      createTlsServer(
        {
          key: pem('server-key.pem'),
          cert: pem('server.pem'),
          ca: pem('ca.pem'),
          requestCert: true,
          rejectUnauthorized: true,
        },
        listener('vtjkysely'),
      ),
    );
    vtjTlsPort = await listen(servers[1], vtjTls.port);
  }
  const close = () =>
    Promise.all(
      servers.map((server) => {
        const closed = new Promise((resolve) => server.close(resolve));
        server.closeAllConnections();
        return closed;
      }),
    ).then(() => undefined);
  return { url, port: listening, state: context.state, vtjTlsPort, close };
}

async function main() {
  const { SANDBOX_ORIGIN, SANDBOX_SERVICE, SANDBOX_VTJ_PORT, SANDBOX_CERTIFICATES } = process.env;
  const sandbox = await startSandbox({
    port: Number(process.argv[2] ?? 8484),
    origin: SANDBOX_ORIGIN,
    service: SANDBOX_SERVICE,
    vtjTls: SANDBOX_CERTIFICATES && { port: Number(SANDBOX_VTJ_PORT ?? 8485), directory: SANDBOX_CERTIFICATES },
  });
  const tls = sandbox.vtjTlsPort && `, VTJ query with mutual TLS on https://localhost:${sandbox.vtjTlsPort}/vtjkysely`;
  console.log(`sandbox listening on ${sandbox.url}${tls ?? ''}`);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => void sandbox.close().then(() => process.exit(0)));
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
