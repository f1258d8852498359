import { defineConfig } from 'vite';

// Two pages from one build: the cabinet (Preact) and the GraphiQL page (React, loaded only there).
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../static',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0, // data: URLs would need an exception in the CSP
    modulePreload: false,
    chunkSizeWarningLimit: 8000,
    rolldownOptions: {
      input: ['index.html', 'graphiql.html'],
      // React libraries mark files with "use client"; it means nothing outside server components.
      onLog(level, log, report) {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
    },
  },
});
