// Small parts that say how things stand: a tag, the badge of the live connection, a notice, an empty list.
import type { ComponentChildren } from 'preact';

import type { Connection } from '../connection.ts';
import { clockText } from '../dates.ts';
import { RequestFailed, retrying } from '../graphql.ts';
import { ru } from '../ru.ts';

export type Tone = 'plain' | 'good' | 'busy' | 'bad';

/** A status is always a word; the colour only repeats it. */
export function Tag({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <span class={`tag tag-${tone}`}>{children}</span>;
}

export function LiveBadge({ connection }: { connection: Connection }) {
  const state = connection.state.value;
  const text =
    state === 'live'
      ? ru.live.live
      : state === 'connecting'
        ? ru.live.connecting
        : ru.live.stale(clockText(connection.freshAt.value));
  return (
    <p class={`badge badge-${state}`} role="status">
      {text}
    </p>
  );
}

export function Empty({ title, hint, children }: { title: string; hint: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      <p>{hint}</p>
      {children}
    </div>
  );
}

/** Says that the server was busy and is asked again; it lies over the page, so that nothing moves. */
export function Retrying() {
  return (
    <p class="retrying" aria-live="polite">
      {retrying.value > 0 && ru.common.retrying}
    </p>
  );
}

/** A request that failed: what happened and the way on. */
export function Failure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <div class="summary" role="alert">
      <p>{failureText(error)}</p>
      <button type="button" class="secondary" onClick={onRetry}>{ru.common.retry}</button>
    </div>
  );
}

export function Loading() {
  return <p class="waiting">{ru.common.loading}</p>;
}

/** In the place of what could not be read, or is not here yet. */
export function Unread({ failure, again }: { failure: unknown; again: () => void }) {
  return failure === undefined ? <Loading /> : <Failure error={failure} onRetry={again} />;
}

export function failureText(error: unknown): string {
  if (!(error instanceof RequestFailed)) return ru.common.failed.OTHER;
  return error.code === 'NETWORK' ? ru.common.failed.NETWORK : error.message || ru.common.failed.OTHER;
}
