/** A cable between a worker and its queue that can be cut. */
import { connect, createServer, type Socket } from "node:net";

export interface Cable {
  readonly url: string;
  cut(): void;
  mend(): void;
  close(): void;
}

export const cableTo = async (url: string): Promise<Cable> => {
  const target = new URL(url);
  const open = new Set<Socket>();
  let whole = true;
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    // Nothing comes through, and nobody is told: the worst kind.
    near.on("data", (data) => whole && far.write(data));
    far.on("data", (data) => whole && near.write(data));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const here = new URL(url);
  here.port = `${(server.address() as { port: number }).port}`;
  const reset = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: here.href,
    cut: () => {
      whole = false;
    },
    mend: () => {
      whole = true;
      reset();
    },
    close: () => {
      server.close();
      reset();
    },
  };
};
