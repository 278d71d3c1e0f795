// Bundles the CLI, the library, the conformance suite and the GitHub Action, one chunk a provider, into dist/ or the folder
// that is named. Run by `npm ci` through `prepare`.
import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { toCommonJs } from './common-js.mjs'
import { joinChunks } from './join-chunks.mjs'
import { bundledPackages, notices } from './notices.mjs'

/**
 * Lets what no command uses of the AWS SDK's schemas be left out: their keys are computed, `[_eQN]: …`, which could have an
 * effect for all that esbuild knows. Of class ec2 1.1 MB become 0.1 MB (2026-11).
 */
const pureSchemas = {
  name: 'pure-schemas',
  setup({ onLoad }) {
    onLoad({ filter: /@aws-sdk[\\/]client-[\w-]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      const schema = /^(export )?var (\w+\$?) = (\[[\s\S]*?\]);$/gm
      return { loader: 'js', contents: text.replace(schema, '$1var $2 = /* @__PURE__ */ (() => $3)();') }
    })
  },
}

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
  // The AWS SDK warns on Node 20 at every start; 2026-11.
  define: { 'process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED': '"true"' },
  // The SDKs' ES modules can be tree-shaken, their CommonJS cannot.
  mainFields: ['module', 'main'],
  logLevel: 'warning',
  plugins: [pureSchemas],
}

/** What is started most, or should be there at once. */
const DOORS = [
  'src/cli.ts',
  'src/cli/run-process.ts',
  'src/cli/run-line.ts',
  'src/cli/answer-shell.ts',
  'src/commands/plan/plan.ts',
  'providers/yaml/index.ts',
  'src/spf/index.ts',
]

/** Bundles into a folder, with the notices of what is in the bundle beside it. */
async function bundle(outdir, entryPoints) {
  const { metafile } = await build({ ...options, entryPoints, outdir })
  await joinChunks(metafile.outputs, DOORS)
  await toCommonJs(outdir)
  // Beside the chunk of `class: octodns`, as it is beside its source.
  await copyFile('providers/octodns/bridge.py', join(outdir, 'chunks', 'bridge.py'))
  await writeFile(join(outdir, 'THIRD-PARTY-LICENSES'), `${await notices(bundledPackages(metafile))}\n`)
}

const entries = {
  mailsync: 'src/cli.ts',
  index: 'src/index.ts',
  spf: 'src/spf/index.ts',
  conformance: 'conformance/index.ts',
}
/** What is in a folder that was built into, by `tsc` and tests too. */
const OWN = [
  'action',
  'cache',
  'chunks',
  'types',
  'THIRD-PARTY-LICENSES',
  ...Object.keys(entries).map((name) => `${name}.js`),
]

/** What is in the way, as it is removed: a folder by mistake should not be. */
async function foreignIn(path) {
  const names = await readdir(path).catch((error) => (error.code === 'ENOENT' ? [] : Promise.reject(error)))
  return names.find((name) => !OWN.includes(name))
}

const foreign = await foreignIn(folder)
if (foreign !== undefined)
  throw new Error(`${folder} is not removed to build into it: nothing here made its ${foreign}`)
await rm(folder, { recursive: true, force: true })
await bundle(folder, entries)
// A folder of its own, so that a release commits the action and nothing else.
await bundle(join(folder, 'action'), { index: 'src/action/index.ts' })
