// Bundles the CLI, the library, the conformance suite and the GitHub Action, one chunk a provider, into dist/ or the folder
// that is named, each with the licenses of what is in it. Run by `npm ci` through `prepare`.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { writeLicenses } from './third-party-licenses.mjs'

const folder = process.argv[2] ?? 'dist'
const options = {
  metafile: true,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  legalComments: 'none',
  chunkNames: 'chunks/[name]-[hash]',
  // Packages in CommonJS ask for these inside the ESM bundle.
  define: {
    __filename: 'import.meta.filename',
    __dirname: 'import.meta.dirname',
    // The AWS SDK warns on Node 20 at every start; 2026-11.
    'process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED': '"true"',
  },
  // The SDKs' ES modules can be tree-shaken, their CommonJS cannot.
  mainFields: ['module', 'main'],
  banner: {
    js: "import { createRequire as mailsyncRequire } from 'node:module'; const require = mailsyncRequire(import.meta.url);",
  },
  logLevel: 'warning',
}

await rm(folder, { recursive: true, force: true })
await bundle({ mailsync: 'src/cli.ts', index: 'src/index.ts', conformance: 'conformance/index.ts' }, folder)
// A folder of its own, so that a release commits the action and nothing else.
await bundle({ index: 'src/action/index.ts' }, join(folder, 'action'))

async function bundle(entryPoints, outdir) {
  const { metafile } = await build({ ...options, entryPoints, outdir })
  await writeLicenses(metafile, outdir)
}
