import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { TlsClient } from './tls-client.js';

it('a server that says nothing keeps nobody waiting for as long as the most patient of those who connect', async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connect = (connectionTimeoutMillis: number) =>
    new TlsClient({ host: '127.0.0.1', port, user: 'x', database: 'x', connectionTimeoutMillis }).connect();
  const patient = connect(600_000);
  await Promise.all([
    expect(patient).rejects.toThrow('The database does not answer'),
    expect(connect(5_000)).rejects.toThrow('The database does not answer'),
  ]);
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});
