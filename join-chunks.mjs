// Joins chunks that are loaded together anyway: esbuild makes one for every set of entry points that share a module, and to find
// and link a hundred small files takes Node 20 longer than to compile what is in them.
import { readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { build } from 'esbuild'

/** An import or export of esbuild's output, with the names it takes and the path. */
const FROM = /^(import|export) (?:\{([^}]*)\} from )?"(\.[^"]+)";/gm

/**
 * Joins the chunks that the same ones of these doors load, and puts what was joined in their place. A chunk that no door loads
 * stays as it is. What a joined chunk imports is loaded by the same doors or by more of them, so that there is no circle.
 *
 * @param outputs of esbuild's metafile, bundled with `splitting`
 * @param doors sources of entry points; what is imported dynamically is one too
 */
export async function joinChunks(outputs, doors) {
  const opened = doors.map((door) =>
    loadedBy(
      Object.keys(outputs).filter((path) => outputs[path].entryPoint === door),
      outputs,
    ),
  )
  const joined = new Map()
  for (const [path, { entryPoint }] of Object.entries(outputs)) {
    const users = opened.map((paths, door) => (paths.has(path) ? door : '')).join('')
    if (entryPoint === undefined && users !== '') joined.set(path, join(dirname(path), `shared-${users}.js`))
  }
  for (const file of new Set(joined.values())) {
    const paths = [...joined.keys()].filter((path) => joined.get(path) === file)
    await writeFile(file, redirected(await bundled(paths, outputs), file, joined))
  }
  for (const path of Object.keys(outputs)) {
    if (joined.has(path)) await rm(path)
    else if (path.endsWith('.js')) await writeFile(path, redirected(await readFile(path, 'utf8'), path, joined))
  }
}

/** These files, and all that is loaded before they run. */
function loadedBy(paths, outputs) {
  const found = new Set(paths)
  for (const path of found)
    for (const { path: next, kind, external } of outputs[path].imports)
      if (kind === 'import-statement' && !external) found.add(next)
  return found
}

/** The text of these chunks as one, which exports all that they do, under names of its own. */
async function bundled(paths, outputs) {
  const exported = paths.map((path) => {
    const names = outputs[path].exports.map((name) => `${name} as ${joinedName(path, name)}`)
    return `export { ${names.join(', ')} } from ${JSON.stringify(`./${basename(path)}`)}`
  })
  const inside = new Set(paths.map((path) => `./${basename(path)}`))
  const others = ({ onResolve }) =>
    onResolve({ filter: /^\./ }, ({ path }) => (inside.has(path) ? undefined : { path, external: true }))
  const { outputFiles } = await build({
    stdin: { contents: exported.join('\n'), resolveDir: dirname(paths[0]) },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    plugins: [{ name: 'others', setup: others }],
  })
  return outputFiles[0].text
}

/** The text of a file, importing from what was joined. */
function redirected(text, file, joined) {
  return text.replace(FROM, (whole, word, names, path) => {
    const chunk = join(dirname(file), path)
    const target = joined.get(chunk)
    if (target === undefined) return whole
    const from = JSON.stringify(`./${relative(dirname(file), target).replaceAll('\\', '/')}`)
    if (names === undefined) return `${word} ${from};`
    const list = names.split(',').map((one) => {
      const [outer, inner = outer] = one.trim().split(' as ')
      return `${joinedName(chunk, outer)} as ${inner}`
    })
    return `${word} { ${list.join(', ')} } from ${from};`
  })
}

/** `chunks/chunk-ABC.js`, `read` → `chunk_ABC_read` */
function joinedName(path, name) {
  return `${basename(path, '.js').replace(/\W/g, '_')}_${name}`
}
