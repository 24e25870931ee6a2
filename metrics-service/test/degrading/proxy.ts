import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Proxy {
  port: number;
  /** From now on nothing goes through: connections are taken, bytes are not passed on, nobody is told. */
  hold(): void;
  pass(): void;
  close(): Promise<void>;
}

/** A way to a server of this machine that can become a black hole, as a network does. */
export async function proxyTo(target: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let isHeld = false;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('error', () => {}).once('close', () => sockets.delete(socket));
    return socket;
  };
  const forward = (from: Socket, to: Socket): void => {
    from.on('data', (chunk) => to.write(chunk));
    // what closes while nothing goes through is not heard of on the other side
    from.once('close', () => isHeld || to.destroy());
    if (isHeld) from.pause();
  };
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    forward(keep(near), keep(far));
    forward(far, near);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    hold() {
      isHeld = true;
      for (const socket of sockets) socket.pause();
    },
    pass() {
      isHeld = false;
      for (const socket of sockets) socket.resume();
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
