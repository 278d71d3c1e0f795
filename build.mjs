// Bundles the CLI, the library, the conformance suite and the GitHub Action, one chunk a provider, into dist/ or the folder
// that is named. Run by `npm ci` through `prepare`.
import { copyFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { bundledPackages, notices } from './notices.mjs'

const folder = process.argv[2] ?? 'dist'
const options = {
  bundle: true,
  metafile: true,
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
    js: "import { createRequire as mailsyncRequire } from 'node:module'; const require = (id) => mailsyncRequire(import.meta.url)(id);",
  },
  logLevel: 'warning',
}

/** Bundles into a folder, with the notices of what is in the bundle beside it. */
async function bundle(outdir, entryPoints) {
  const { metafile } = await build({ ...options, entryPoints, outdir })
  // Beside the chunk of `class: octodns`, as it is beside its source.
  await copyFile('providers/octodns/bridge.py', join(outdir, 'chunks', 'bridge.py'))
  await writeFile(join(outdir, 'THIRD-PARTY-LICENSES'), `${await notices(bundledPackages(metafile))}\n`)
}

await rm(folder, { recursive: true, force: true })
await bundle(folder, {
  mailsync: 'src/cli.ts',
  index: 'src/index.ts',
  spf: 'src/spf/index.ts',
  conformance: 'conformance/index.ts',
})
// A folder of its own, so that a release commits the action and nothing else.
await bundle(join(folder, 'action'), { index: 'src/action/index.ts' })
