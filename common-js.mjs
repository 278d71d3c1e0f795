// Turns esbuild's chunks into CommonJS: V8's code cache can be kept of that on Node 20, and of ES modules cannot; and before an
// `import` of a built-in module Node works out every lazy part of it.
import { createHash } from 'node:crypto'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** An import of esbuild's output: the default, all as one, or names; and the path. */
const IMPORT = /^import (?:([\w$]+)(?:, | from ))?(?:\* as ([\w$]+) from )?(?:\{([^}]*)\} from )?"([^"]+)";\n/gm
/** At the end of the text. */
const EXPORTS = /\nexport \{([^}]*)\};\s*$/
const EXPORT_DEFAULT = /\nexport default (.*);\s*$/
/** `a as b` */
const RENAMED = /([\w$]+) as ([\w$]+)/g
/** Of a chunk, or of a built-in module. */
const IMPORT_LATER = /\bimport\("(\.[^"]+\.js|node:[^"]+)"\)/g
const IMPORT_OTHERS = /\bawait import\((?!")/g
const META = {
  url: 'require("node:url").pathToFileURL(__filename).href',
  dirname: '__dirname',
  filename: '__filename',
  resolve: 'require.resolve',
}
/** A chunk that the code cache leaves alone: code from there cannot import (Node 20, 2026-11). */
const OTHERS = 'import.cjs'
/** An entry point is an ES module, and loads what is none. */
const REQUIRE =
  'import { createRequire as mailsyncRequire } from "node:module";\nconst require = mailsyncRequire(import.meta.url);\n'

/**
 * Rewrites the chunks of a folder that esbuild filled, with `splitting`, as CommonJS into files `.cjs`. The first line of each
 * is a comment with the SHA-256 of what follows, in hexadecimal; one that cannot be cached has none. The entry points, beside the folder `chunks`, stay ES modules.
 */
export async function toCommonJs(folder) {
  for (const file of await scripts(folder)) await writeFile(file, entryPoint(await readFile(file, 'utf8')))
  for (const file of await scripts(join(folder, 'chunks'))) {
    await writeFile(file.replace(/\.js$/, '.cjs'), chunk(await readFile(file, 'utf8')))
    await rm(file)
  }
  await writeFile(join(folder, 'chunks', OTHERS), 'module.exports = (specifier) => import(specifier);\n')
}

async function scripts(folder) {
  return (await readdir(folder)).filter((file) => file.endsWith('.js')).map((file) => join(folder, file))
}

function entryPoint(text) {
  const [shebang] = /^#!.*\n/.exec(text) ?? ['']
  return `${shebang}${REQUIRE}${withRequires(text.slice(shebang.length))}`
}

function chunk(text) {
  const body = withRequires(text)
    .replace(EXPORTS, (_, names) => `\nmodule.exports = {${names.replace(RENAMED, '$2: $1')}};\n`)
    .replace(EXPORT_DEFAULT, '\nmodule.exports.default = $1;\n')
    .replace(IMPORT_OTHERS, `await require("./${OTHERS}")(`)
    .replace(/\bimport\.meta\.(\w+)/g, (_, part) => META[part])
  const code = `"use strict";\n${inAscii(body)}`
  return `//${createHash('sha256').update(code).digest('hex')}\n${code}`
}

/** A single other character, such as one in a comment of a library, makes V8 hold the whole text in two octets a character. */
function inAscii(code) {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** What is imported is loaded before anything runs, so all of it is in front here too. */
function withRequires(text) {
  const taken = new Map()
  const rest = text.replace(IMPORT, (_, main, all, names, path) => {
    const patterns = [main, all, names && `{${names.replaceAll(' as ', ': ')}}`].filter(Boolean)
    taken.set(path, [...(taken.get(path) ?? []), ...patterns])
    return ''
  })
  const requires = [...taken].map(([path, patterns]) => {
    const module = `${required(path)};\n`
    return patterns.length === 0 ? module : patterns.map((pattern) => `const ${pattern} = ${module}`).join('')
  })
  const later = (_, path) => `Promise.resolve().then(() => ${required(path)})`
  return `${requires.join('')}${rest.replace(IMPORT_LATER, later)}`
}

function required(path) {
  return `require("${path.replace(/^(\..*)\.js$/, '$1.cjs')}")`
}
