// GraphQL over HTTP for our own origin: typed documents, a session in a cookie, errors with codes.
import { signal } from '@preact/signals';
import type { initGraphQLTada, TadaDocumentNode } from 'gql.tada';

import type { introspection } from './schema.d.ts';

type Graphql = ReturnType<
  typeof initGraphQLTada<{
    introspection: introspection;
    disableMasking: true;
    scalars: Record<'DateTime' | 'Date' | 'RuDate' | 'Cursor' | 'Inn' | 'Snils' | 'PhoneDigits', string>;
  }>
>;

// gql.tada gives the types; at run time a document is its text, so no parser is shipped.
export const graphql = ((text: string, fragments: readonly string[] = []) =>
  [...new Set([text, ...fragments.flatMap((part) => part.split(/\n(?=fragment )/))])].join('\n')) as unknown as Graphql;

export function textOf(document: TadaDocumentNode<unknown, never>): string {
  return document as unknown as string;
}

/** A request that gave no data: the network, the session or the server said no. */
export class RequestFailed extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

interface Answer<R> {
  readonly data?: R | null;
  readonly errors?: readonly { message: string; extensions?: { code?: string } }[];
}

export type Request = <R, V>(document: TadaDocumentNode<R, V>, variables: V) => Promise<R>;

const ATTEMPTS = 3;
const PAUSE = 3; // seconds before a query is asked again, unless the server names its own

/** How many queries wait to be asked again. */
export const retrying = signal(0);

/** The client of a page: `onSignedOut` hears of a session that has ended. */
export function createRequest(onSignedOut: () => void): Request {
  return async <R, V>(document: TadaDocumentNode<R, V>, variables: V): Promise<R> => {
    const answer = await ask<R>(textOf(document), variables);
    if (answer.data && !answer.errors) return answer.data;
    const [first] = answer.errors ?? [];
    const code = first?.extensions?.code ?? 'INTERNAL';
    if (code === 'UNAUTHENTICATED') onSignedOut();
    throw new RequestFailed(code, first?.message ?? '');
  };
}

/** A query that the server cannot answer just now is asked again; a change never is: it may have been made. */
async function ask<R>(query: string, variables: unknown): Promise<Answer<R>> {
  const body = JSON.stringify({ query, variables });
  for (let left = /^\s*query\b/.test(query) ? ATTEMPTS - 1 : 0; ; left--) {
    const { status, headers, answer } = await post<R>(body);
    const busy = status === 503 || answer?.errors?.[0]?.extensions?.code === 'UNAVAILABLE';
    if (busy && left > 0) await pause(Number(headers.get('Retry-After')) || PAUSE);
    else if (answer) return answer;
    else throw new RequestFailed('NETWORK', '');
  }
}

async function pause(seconds: number): Promise<void> {
  retrying.value++;
  await new Promise((go) => setTimeout(go, 1_000 * seconds));
  retrying.value--;
}

/** `answer` is undefined where somebody between us and the server answers in words of their own. */
async function post<R>(body: string): Promise<{ status: number; headers: Headers; answer: Answer<R> | undefined }> {
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/graphql-response+json, application/json;q=0.9',
        'GraphQL-Require-Preflight': '1',
      },
      body,
    });
    const answer = await response.json().catch(() => undefined);
    return { status: response.status, headers: response.headers, answer: answer as Answer<R> | undefined };
  } catch {
    throw new RequestFailed('NETWORK', '');
  }
}
