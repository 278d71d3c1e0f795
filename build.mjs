// Bundles the CLI, the library and the conformance suite into dist/, one chunk a provider. Run by `npm ci` through `prepare`.
import { rm } from 'node:fs/promises'
import { build } from 'esbuild'

await rm('dist', { recursive: true, force: true })
await build({
  entryPoints: { mailsync: 'src/cli.ts', index: 'src/index.ts', conformance: 'test/conformance.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  legalComments: 'none',
  chunkNames: 'chunks/[name]-[hash]',
  // Packages in CommonJS ask for these inside the ESM bundle.
  define: { __filename: 'import.meta.filename', __dirname: 'import.meta.dirname' },
  banner: {
    js: "import { createRequire as mailsyncRequire } from 'node:module'; const require = mailsyncRequire(import.meta.url);",
  },
  logLevel: 'warning',
})
