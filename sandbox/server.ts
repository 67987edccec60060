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
 * Pages for people: / (persons, users, peers, messages; sandbox/home.ts). Control endpoints for tests, as the conformance kit's:
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
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { assertionOf, Cas, casRoutes, postLogoutRequest, type Assertion } from './cas.ts';
import { casServiceRoutes } from './cas-services.ts';
import { henkiloUiRoutes } from './henkilo-ui.ts';
import { homeRoutes } from './home.ts';
import { json, text } from './http.ts';
import { kayttooikeusRoutes } from './kayttooikeus.ts';
import { koodistoRoutes } from './koodisto.ts';
import { messageRoutes } from './messages.ts';
import { Issuer, oauth2Routes, type Claims } from './oauth2.ts';
import { organisaatioRoutes } from './organisaatio.ts';
import type { Answer, Call, Context, Handler, Route } from './route.ts';
import { SandboxState } from './state.ts';
import { users } from './users.ts';
import { vtjRoutes } from './vtj.ts';

const MAX_BODY = 50 * 1024 * 1024;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const userCalled = (name: string) => {
  const user = users.find((u) => u.name === name);
  if (!user) throw new Error(`no user ${name}`);
  return user;
};

/** Instead of what a token or ticket says: the name of a sandbox user. */
interface OfUser {
  readonly user?: string;
}

function controlRoutes({ state, cas, issuer }: Context): Handler {
  const tokenOf = ({ user, ...claims }: Claims & OfUser): Claims =>
    user ? { sub: userCalled(user).oid, roles: userCalled(user).roles, ...claims } : claims;
  const assertionFor = (data: Assertion & OfUser) =>
    data.user && !data.oidHenkilo ? assertionOf(userCalled(data.user)) : data;
  const handlers: Readonly<Record<string, (data: object) => Answer | Promise<Answer>>> = {
    'POST token': (data) => text(issuer.token(tokenOf(data as Claims & OfUser))),
    'POST ticket': (data) => text(cas.grant(assertionFor(data), null)),
    'POST state': (data) => json(state.merge(data as Record<string, unknown>)),
    'POST rotate': (data) => {
      issuer.rotate(data);
      return json(issuer.jwks());
    },
    'POST logout': async (data) => {
      const { url, ticket } = data as { url: string; ticket: string };
      return json({ status: await postLogoutRequest(url, ticket) });
    },
    'POST reset': () => {
      state.reset();
      cas.reset();
      return json({});
    },
    'GET traffic': () => json(state.traffic),
    'GET health': () => text('ok'),
  };
  return (name, { request, data }) =>
    handlers[`${request.method ?? ''} ${name}`]?.(isObject(data) ? data : {}) ?? text('no such control endpoint', 404);
}

interface SandboxOptions {
  /** 0 takes a free one. */
  readonly port?: number;
  /** The address that tokens and links carry; default http://localhost:<port>. */
  readonly origin?: string;
  /** The register's address, for the links of the pages. */
  readonly service?: string;
  /** The VTJ query over HTTPS that asks for a client certificate; the directory is made by certificates.ts. */
  readonly vtjTls?: { readonly port: number; readonly directory: string };
}

interface Sandbox {
  readonly url: string;
  readonly vtjTlsPort?: number;
  close(): Promise<void>;
}

/** Starts all stand-ins; they listen when it returns. */
export async function startSandbox({ port = 8484, origin, service, vtjTls }: SandboxOptions = {}): Promise<Sandbox> {
  let url = '';
  const ownOrigin = () => origin ?? url;
  const issuer = new Issuer(() => `${ownOrigin()}/kayttooikeus-service`);
  const context: Context = { state: new SandboxState(), cas: new Cas(), issuer, service, origin: ownOrigin };
  const control = controlRoutes(context);
  const routes: Route[] = [
    ...[
      homeRoutes,
      henkiloUiRoutes,
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

  async function answer(request: IncomingMessage, only?: string): Promise<Answer> {
    const { url: asked = '/', method: usedMethod = 'GET' } = request;
    const path = new URL(asked, 'http://sandbox');
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_BODY) return text('too large', 413);
      chunks.push(chunk);
    }
    const body = Buffer.concat(chunks).toString('utf8');
    const call: Call = { request, url: path, body, form: new URLSearchParams(body), data: parsed(body) };
    const controlled = only === undefined ? /^\/__test\/([a-z]+)$/.exec(path.pathname) : null;
    if (controlled) return control(controlled[1] ?? '', call);
    for (const [peer, method, pattern, handle] of routes) {
      const match = usedMethod === method && (!only || only === peer) && pattern.exec(path.pathname);
      if (!match) continue;
      const { state } = context;
      if (peer !== 'sandbox') {
        const seen = peer === 'aws' ? Object.fromEntries(call.form) : (call.data ?? (body || undefined));
        state.record({ peer, method, path: path.pathname + path.search, body: seen });
        const { delay, fail } = state.settings;
        if (delay[peer]) await sleep(delay[peer]);
        if (fail[peer]) return text('failure asked for', fail[peer]);
      }
      return handle(match[1] ?? '', call);
    }
    context.state.record({ peer: 'unknown', method: usedMethod, path: asked, body });
    return text(`no such route: ${usedMethod} ${path.pathname}`, 404);
  }

  const respond = async (request: IncomingMessage, response: ServerResponse, only?: string) => {
    const failed = (error: unknown) => text(error instanceof Error ? error.message : String(error), 500);
    const { status, headers, body } = await answer(request, only).catch(failed);
    if (response.destroyed) return;
    response.writeHead(status, headers);
    response.end(body);
  };
  const listener = (only?: string) => (request: IncomingMessage, response: ServerResponse) =>
    void respond(request, response, only);

  const server = createServer(listener());
  const servers = [server];
  url = `http://localhost:${await listen(server, port)}`;
  let vtjTlsPort: number | undefined;
  if (vtjTls) {
    const pem = (name: string) => readFileSync(join(vtjTls.directory, name));
    const keys = { key: pem('server-key.pem'), cert: pem('server.pem'), ca: pem('ca.pem') };
    const asksForCertificate = { requestCert: true, rejectUnauthorized: true };
    const tlsServer = createTlsServer({ ...keys, ...asksForCertificate }, listener('vtjkysely'));
    servers.push(tlsServer);
    vtjTlsPort = await listen(tlsServer, vtjTls.port);
  }
  const close = async () => {
    await Promise.all(servers.map(end));
  };
  return { url, vtjTlsPort, close };
}

/** @returns the port */
const listen = (server: Server, port: number) =>
  new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => resolve((server.address() as AddressInfo).port));
  });

function end(server: Server): Promise<unknown> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  return closed;
}

/** A body as JSON; undefined when it is none. */
function parsed(body: string): unknown {
  if (!/^\s*[[{"tfn\d-]/.test(body)) return undefined;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

async function main() {
  const { SANDBOX_ORIGIN, SANDBOX_SERVICE, SANDBOX_VTJ_PORT, SANDBOX_CERTIFICATES } = process.env;
  const sandbox = await startSandbox({
    port: Number(process.argv[2] ?? 8484),
    origin: SANDBOX_ORIGIN,
    service: SANDBOX_SERVICE,
    vtjTls: SANDBOX_CERTIFICATES
      ? { port: Number(SANDBOX_VTJ_PORT ?? 8485), directory: SANDBOX_CERTIFICATES }
      : undefined,
  });
  const { url, vtjTlsPort } = sandbox;
  const tls = vtjTlsPort ? `, VTJ query with mutual TLS on https://localhost:${vtjTlsPort}/vtjkysely` : '';
  console.log(`sandbox listening on ${url}${tls}`);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => void sandbox.close().then(() => process.exit(0)));
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
