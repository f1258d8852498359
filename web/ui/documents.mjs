// Writes every operation of the page, by its SHA-256, beside the built page: the documents a server may trust.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'vite';

const SOURCES = new URL('./src/', import.meta.url);
const OPERATION = /^\s*(query|mutation|subscription)\b/;
const documents = new Map();

globalThis.written = (text) => {
  if (OPERATION.test(text)) documents.set(createHash('sha256').update(text).digest('hex'), text);
  return text;
};
globalThis.location = new URL('http://page.invalid/');

// The sources are run as they are, except that what makes a document also shows it to us.
const shown = {
  name: 'shown',
  transform: (code, id) =>
    id.endsWith('/src/graphql.ts')
      ? `${code.replace('export const graphql', 'const made')}\nexport const graphql = (...given) => written(made(...given));`
      : undefined,
};
const server = await createServer({
  logLevel: 'warn',
  server: { middlewareMode: true, ws: false },
  optimizeDeps: { noDiscovery: true },
  plugins: [shown],
});
for (const name of readdirSync(SOURCES, { recursive: true })) {
  if (!/\.tsx?$/.test(name) || name.startsWith('graphiql')) continue;
  if (readFileSync(new URL(name, SOURCES), 'utf-8').includes('graphql(')) await server.ssrLoadModule(`/src/${name}`);
}
await server.close();
const sorted = Object.fromEntries([...documents].sort());
writeFileSync(new URL('../static/documents.json', import.meta.url), `${JSON.stringify(sorted, null, 1)}\n`);
