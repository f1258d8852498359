// The GraphiQL page: everything is bundled, nothing is fetched from outside.
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './page.css';

import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';

import { EXAMPLES, HINT } from './examples.ts';

const fetcher = createGraphiQLFetcher({
  url: '/graphql',
  subscriptionUrl: location.origin.replace(/^http/, 'ws') + '/graphql',
  headers: { 'GraphQL-Require-Preflight': '1' },
});

const logo = createElement(GraphiQL.Logo, null, createElement('a', { href: '/' }, 'Кабинет НМО'));

createRoot(document.getElementById('graphiql')!).render(
  createElement(
    GraphiQL,
    { fetcher, defaultQuery: HINT, defaultTabs: EXAMPLES, shouldPersistHeaders: false },
    logo,
  ),
);
