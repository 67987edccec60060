import { IpRanges } from '../common/ip-ranges.js';
import { AccessLog } from './access-log.js';
import { AllowedMethods } from './allowed-methods.js';
import { createAdapter, installHooks } from './server.js';

it('refuses to install the login after a route, which would be open to everyone', () => {
  const instance = createAdapter('/service').getInstance();
  const allowed = new AllowedMethods();
  allowed.watch(instance);
  const install = () =>
    installHooks(instance, {
      authenticator: { authenticate: fail, challenge: fail, refuseUrl: fail, needsBody: fail },
      allowed,
      accessLog: new AccessLog('test'),
      observe: fail,
      headers: {},
      trustedProxies: new IpRanges(),
      patienceMs: 1000,
    });
  instance.get('/henkilo', () => 'open');
  expect(install).toThrow('Hooks count only for routes that are declared after them');
});

const fail = (): never => {
  throw new Error('never called');
};
