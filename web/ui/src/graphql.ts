// GraphQL over HTTP for our own origin: typed documents, a session in a cookie, errors with codes.
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

/** The client of a page: `onSignedOut` hears of a session that has ended. */
export function createRequest(onSignedOut: () => void): Request {
  return async <R, V>(document: TadaDocumentNode<R, V>, variables: V): Promise<R> => {
    const answer = await post<R>(JSON.stringify({ query: document, variables }));
    if (answer.data && !answer.errors) return answer.data;
    const [first] = answer.errors ?? [];
    const code = first?.extensions?.code ?? 'INTERNAL';
    if (code === 'UNAUTHENTICATED') onSignedOut();
    throw new RequestFailed(code, first?.message ?? '');
  };
}

async function post<R>(body: string): Promise<Answer<R>> {
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
    return (await response.json()) as Answer<R>;
  } catch {
    throw new RequestFailed('NETWORK', '');
  }
}
