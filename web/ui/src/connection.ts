// Ties the live client to the page: what the badge shows, and when the network or the person comes back.
import { signal, type Signal } from '@preact/signals';

import { LiveClient, type LiveState } from './live.ts';

export interface Connection {
  readonly live: LiveClient;
  readonly state: Signal<LiveState>;
  readonly freshAt: Signal<Date>; // the moment the shown data was last known to be current
  close(): void;
}

export function connect(): Connection {
  const state = signal<LiveState>('connecting');
  const freshAt = signal(new Date());
  const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`;
  const live = new LiveClient({
    url,
    onState: (next) => {
      if (state.value === 'live') freshAt.value = new Date();
      state.value = next;
    },
  });
  live.wake();
  const watch = new AbortController();
  const heed = { signal: watch.signal };
  addEventListener('online', () => live.wake(), heed);
  addEventListener('offline', () => live.lose(), heed);
  document.addEventListener('visibilitychange', () => (document.hidden ? live.hide() : live.wake()), heed);
  const close = () => {
    watch.abort();
    live.close();
  };
  return { live, state, freshAt, close };
}
