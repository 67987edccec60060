import { readFileSync } from 'node:fs';
import path from 'node:path';
import { load } from 'js-yaml';

interface Service {
  image?: string;
  user?: string;
  ports?: string[];
  cap_drop?: string[];
  cap_add?: string[];
  privileged?: boolean;
  security_opt?: string[];
  read_only?: boolean;
  tmpfs?: string[];
}

const file = readFileSync(path.resolve(__dirname, '../../docker-compose.yml'), 'utf8');
const services = Object.entries((load(file) as { services: Record<string, Service> }).services);

it('has the services that it is about', () => {
  expect(services.map(([name]) => name).sort()).toEqual(['database', 'sandbox', 'sandbox-persons', 'service']);
});

it.each(services)('%s is published on this machine only', (_, { ports = [] }) => {
  for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
});

it.each(services)('%s can write nothing but what it needs, and gain no rights', (_, service) => {
  expect(service).toMatchObject({
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    read_only: true,
    tmpfs: expect.arrayContaining(['/tmp']) as unknown,
  });
  expect(service.cap_add ?? []).toEqual([]);
  expect(service.privileged ?? false).toBe(false);
});

it('every image runs as another user than root', () => {
  const dockerfile = readFileSync(path.resolve(__dirname, '../../Dockerfile'), 'utf8');
  const stages = dockerfile.split(/^FROM /m).filter((stage) => / AS (?:service|sandbox)\n/.test(stage));
  expect(stages).toHaveLength(2);
  for (const stage of stages) expect(stage).toMatch(/^USER node$/m);
  for (const [, { image, user }] of services) if (image !== undefined) expect(user).toBe('postgres');
});
