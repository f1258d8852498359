// A live client over graphql-transport-ws that neither loses nor doubles an event over a bad network.
//
// Every event carries a cursor. After a cut the client subscribes again with the last cursor as `$after`, so the
// server replays what was missed; a repeated delta is dropped by its cursor. `Resync` means that the gap was too
// large: the owner drops its state and a snapshot follows. Use it anywhere; it knows nothing of the page.

export type LiveState = 'connecting' | 'live' | 'offline' | 'paused' | 'signed-out';

export interface LiveEvent {
  readonly __typename: string;
  readonly cursor: string;
}

export interface LiveTimes {
  readonly ping: number; // how often the server is asked whether it is there, and how long an answer may take
  readonly longestWait: number; // no pause between two attempts is longer
  readonly hidden: number; // after so long out of sight the socket is given back
}

export interface LiveOptions {
  readonly url: string;
  readonly onState: (state: LiveState) => void;
  readonly webSocket?: typeof WebSocket;
  readonly times?: LiveTimes;
  readonly random?: () => number;
  readonly payload?: Record<string, unknown>; // of connection_init: {token} where there is no cookie
}

type Errors = readonly { extensions?: { code?: string } }[];

interface Stream {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly onEvent: (event: LiveEvent) => void;
  readonly seen: Set<string>;
  id: string; // another one after each restart: what is still said of the old one is not heard
  cursor: string | undefined;
}

const TIMES: LiveTimes = { ping: 10_000, longestWait: 30_000, hidden: 300_000 };
const SIGNED_OUT = 4401;
const REMEMBERED = 1_000;
const AWAY = /^(UNAVAILABLE|TIMEOUT)$/;
const REPEATABLE = /(Snapshot|Resync|Heartbeat)$/;

export class LiveClient {
  readonly #options: LiveOptions;
  readonly #times: LiveTimes;
  readonly #streams = new Map<string, Stream>();
  #state: LiveState = 'paused';
  #socket: WebSocket | undefined;
  #nextId = 0;
  #attempts = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #pulse: ReturnType<typeof setInterval> | undefined;
  #giveUp: ReturnType<typeof setTimeout> | undefined;
  #heard = true;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#times = options.times ?? TIMES;
  }

  get state(): LiveState {
    return this.#state;
  }

  /** Starts a subscription whose document takes `$after` and selects `__typename` and `cursor`; returns its end. */
  subscribe<E extends LiveEvent>(
    query: string,
    onEvent: (event: E) => void,
    variables: Record<string, unknown> = {},
  ): () => void {
    const stream: Stream = {
      id: '',
      query,
      variables,
      onEvent: (event) => onEvent(event as E),
      seen: new Set(),
      cursor: undefined,
    };
    this.#enter(stream);
    if (this.#state === 'live') this.#start(stream);
    return () => this.#end(stream);
  }

  /** Connects at once: at the start, when the network is back, when the page is seen again. Worth it even before
   *  the first subscription: over the socket the server says when the session ends. */
  wake(): void {
    clearTimeout(this.#giveUp);
    if (this.#state === 'live' || this.#state === 'signed-out') return;
    this.#attempts = 0;
    this.#connect();
  }

  /** The page is out of sight: keep up for a while, then give the socket back. */
  hide(): void {
    clearTimeout(this.#giveUp);
    this.#giveUp = setTimeout(() => this.#drop('paused'), this.#times.hidden);
  }

  /** The network is known to be gone. */
  lose(): void {
    if (this.#state !== 'live' && this.#state !== 'connecting') return;
    this.#drop('offline');
    this.#schedule();
  }

  /** Ends everything; the client is not used again. */
  close(): void {
    this.#streams.clear();
    clearTimeout(this.#giveUp);
    this.#drop('paused');
  }

  #connect(): void {
    this.#drop('connecting');
    const make = this.#options.webSocket ?? WebSocket;
    const socket = new make(this.#options.url, 'graphql-transport-ws');
    this.#socket = socket;
    socket.onopen = () => this.#send({ type: 'connection_init', payload: this.#options.payload ?? {} });
    socket.onmessage = (message) => this.#hear(JSON.parse(String(message.data)));
    socket.onerror = () => undefined; // a close always follows
    socket.onclose = (event) => {
      this.#drop(event.code === SIGNED_OUT ? 'signed-out' : 'offline');
      if (event.code !== SIGNED_OUT) this.#schedule();
    };
    this.#watch();
  }

  #watch(): void {
    this.#heard = true;
    this.#pulse = setInterval(() => {
      if (!this.#heard) return this.lose();
      this.#heard = false;
      if (this.#state === 'live') this.#send({ type: 'ping' });
    }, this.#times.ping);
  }

  #hear(message: { type: string; id?: string; payload?: unknown }): void {
    this.#heard = true;
    if (message.type === 'ping') return this.#send({ type: 'pong', payload: message.payload });
    if (message.type === 'connection_ack') return this.#resume();
    const stream = this.#streams.get(message.id ?? '');
    if (!stream) return;
    if (message.type === 'complete') return this.#restart(stream);
    if (message.type === 'error') return this.#fail(stream, message.payload as Errors);
    const { data, errors } = message.payload as { data?: Record<string, LiveEvent> | null; errors?: Errors };
    if (errors) this.#fail(stream, errors);
    else if (data) this.#deliver(stream, Object.values(data)[0]);
  }

  #resume(): void {
    this.#become('live');
    for (const stream of this.#streams.values()) this.#start(stream);
  }

  #start({ id, query, variables, cursor }: Stream): void {
    this.#send({ type: 'subscribe', id, payload: { query, variables: { ...variables, after: cursor ?? null } } });
  }

  #deliver(stream: Stream, event: LiveEvent | undefined): void {
    if (!event) return;
    this.#attempts = 0;
    const repeatable = REPEATABLE.test(event.__typename);
    if (!repeatable && stream.seen.has(event.cursor)) return;
    if (!repeatable) remember(stream.seen, event.cursor);
    stream.cursor = event.__typename === 'Resync' ? undefined : event.cursor;
    stream.onEvent(event);
  }

  /** While a part is away the cursor stays; with any other error it may be the cursor's own. */
  #fail(stream: Stream, errors: Errors): void {
    const codes = errors.map((error) => error.extensions?.code ?? '');
    // A cookie that has run out is not sent at all, and the server greets a stranger.
    if (codes.includes('UNAUTHENTICATED')) return this.#drop('signed-out');
    if (!codes.some((code) => AWAY.test(code))) stream.cursor = undefined;
    this.#restart(stream);
  }

  /** The server ended one stream; the socket and the other streams go on. */
  #restart(stream: Stream): void {
    this.#end(stream);
    this.#enter(stream);
    const { id } = stream;
    const socket = this.#socket;
    setTimeout(() => {
      if (this.#socket === socket && this.#streams.has(id)) this.#start(stream);
    }, this.#pause());
  }

  #enter(stream: Stream): void {
    stream.id = String(++this.#nextId);
    this.#streams.set(stream.id, stream);
  }

  #end({ id }: Stream): void {
    if (this.#streams.delete(id) && this.#state === 'live') this.#send({ type: 'complete', id });
  }

  #schedule(): void {
    this.#retry = setTimeout(() => this.#connect(), this.#pause());
  }

  /** Full jitter: anything from nothing to a doubling limit, so that a thousand pages do not return together. */
  #pause(): number {
    const limit = Math.min(this.#times.longestWait, 500 * 2 ** this.#attempts++);
    return (this.#options.random ?? Math.random)() * limit;
  }

  #send(message: object): void {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(message));
  }

  #drop(state: LiveState): void {
    clearTimeout(this.#retry);
    clearInterval(this.#pulse);
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    this.#become(state);
  }

  #become(state: LiveState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onState(state);
  }
}

function remember(seen: Set<string>, cursor: string): void {
  seen.add(cursor);
  const oldest = seen.values().next();
  if (seen.size > REMEMBERED && !oldest.done) seen.delete(oldest.value);
}
