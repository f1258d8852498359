// Lets `node --test` of Node 20 read our TypeScript: types are removed by the compiler Vite brings.
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';

if (!process.env.NMO_TYPESCRIPT_LOADER) {
  process.env.NMO_TYPESCRIPT_LOADER = '1';
  register(import.meta.url);
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const { transformWithOxc } = await import('vite');
  const path = fileURLToPath(url);
  const { code } = await transformWithOxc(await readFile(path, 'utf8'), path);
  return { format: 'module', source: code, shortCircuit: true };
}
