// A tiny graphql-transport-ws server with a numbered log, as the real one: snapshot, replay after a cursor, deltas.
import { WebSocketServer, type WebSocket as Peer } from 'ws';

export interface Frame {
  type: string;
  id?: string;
  payload?: { query?: string; variables?: { after?: string | null } };
}

export class LogServer {
  readonly log: string[] = [];
  readonly subscribed: (string | null)[] = [];
  readonly peers = new Set<Peer>();
  connections = 0;
  refuseWith = 0; // a close code for every new connection
  mute = false; // reads and never answers
  repeat = false; // sends the last event twice, as delivery at least once may
  resync = false; // the gap is always too large
  readonly #server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => 'graphql-transport-ws' });
  readonly #streams = new Map<Peer, Set<string>>();

  static async open(): Promise<LogServer> {
    const server = new LogServer();
    await new Promise((ready) => server.#server.once('listening', ready));
    server.#server.on('connection', (peer) => server.#welcome(peer));
    return server;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    return `ws://127.0.0.1:${address.port}/graphql`;
  }

  append(): void {
    this.log.push(String(this.log.length + 1));
    for (const [peer, ids] of this.#streams) for (const id of ids) this.#delta(peer, id, this.log.length);
  }

  cut(): void {
    for (const peer of this.peers) peer.terminate();
  }

  send(message: object): void {
    for (const peer of this.peers) peer.send(JSON.stringify(message));
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #welcome(peer: Peer): void {
    this.connections++;
    if (this.refuseWith) return peer.close(this.refuseWith);
    this.peers.add(peer);
    this.#streams.set(peer, new Set());
    peer.on('close', () => this.peers.delete(peer) && this.#streams.delete(peer));
    peer.on('message', (data) => this.mute || this.#answer(peer, JSON.parse(String(data)) as Frame));
  }

  #answer(peer: Peer, frame: Frame): void {
    if (frame.type === 'connection_init') peer.send('{"type":"connection_ack"}');
    if (frame.type === 'ping') peer.send('{"type":"pong"}');
    if (frame.type !== 'subscribe' || !frame.id) return;
    if (frame.payload?.query === 'bad') return peer.send(JSON.stringify({ type: 'error', id: frame.id, payload: [] }));
    const after = frame.payload?.variables?.after ?? null;
    this.subscribed.push(after);
    this.#streams.get(peer)?.add(frame.id);
    if (this.resync && after !== null) return this.#event(peer, frame.id, 'Resync', after);
    if (after === null) return this.#event(peer, frame.id, 'ProgressSnapshot', String(this.log.length));
    for (let at = Number(after) + (this.repeat ? 0 : 1); at <= this.log.length; at++) this.#delta(peer, frame.id, at);
  }

  #delta(peer: Peer, id: string, at: number): void {
    this.#event(peer, id, 'ProgressDelta', String(at));
  }

  #event(peer: Peer, id: string, __typename: string, cursor: string): void {
    peer.send(JSON.stringify({ type: 'next', id, payload: { data: { progress: { __typename, cursor } } } }));
  }
}
