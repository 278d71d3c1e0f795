// Bundles the CLI, the library, the conformance suite and the GitHub Action, one chunk a provider, into dist/ or the folder
// that is named. Run by `npm ci` through `prepare`.
import { readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'

const hot = resolve('src/cli/hot.ts')
const folder = process.argv[2] ?? 'dist'
const options = {
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
    js: "import { createRequire as mailsyncRequire } from 'node:module'; const require = (id) => mailsyncRequire(import.meta.url)(id);",
  },
  logLevel: 'warning',
}

/**
 * What every plan needs lies in one chunk: a file costs 0.7 ms to load (Node 20.20, 2026-11), and esbuild makes one for
 * every set of entry points that share modules. So all that is loaded later begins with what is loaded first.
 */
const oneHotChunk = {
  name: 'one-hot-chunk',
  setup: ({ onResolve, onLoad }) => {
    const later = new Set(['src/index.ts', 'conformance/index.ts'].map((file) => resolve(file)))
    onResolve({ filter: /^\.\.?\// }, async ({ path, kind, resolveDir }) => {
      if (kind === 'dynamic-import') later.add(resolve(resolveDir, path.replace(/\.js$/, '.ts')))
      return undefined
    })
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      if (!later.has(path) || path === hot) return undefined
      return { contents: `import ${JSON.stringify(hot)}\n${await readFile(path, 'utf8')}`, loader: 'ts' }
    })
  },
}

await rm(folder, { recursive: true, force: true })
await build({
  ...options,
  entryPoints: { mailsync: 'src/cli.ts', index: 'src/index.ts', conformance: 'conformance/index.ts' },
  outdir: folder,
  plugins: [oneHotChunk],
})
// A folder of its own, so that a release commits the action and nothing else.
await build({ ...options, entryPoints: { index: 'src/action/index.ts' }, outdir: join(folder, 'action') })
