import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs'
import Module, { createRequire } from 'node:module'
import { dirname, isAbsolute, join } from 'node:path'
import { Script } from 'node:vm'
import { crc32 } from 'node:zlib'

/** The first line of what can be kept, a digest of what follows. */
const DIGEST = /^\/\/([0-9a-f]{64})\n/
/** Octets. */
const SEAL = 4
/** What was written longer ago is removed; what is still in use of it is written again. */
const KEPT = 30 * 24 * 60 * 60 * 1000
const WRITABLE_BY_OTHERS = 0o022
/** Others may write, and may not touch what is there. */
const STICKY = 0o1000

/**
 * Lets what V8 makes of the bundle's chunks be kept from run to run: to parse and compile them takes more than all else in a
 * small plan. Node does so too from 22.8, with what the first of all commands happened to call.
 *
 * @param chunks folder of files that begin with a digest; others are loaded as ever
 * @param folder where it is kept, of one command
 */
export function keepCode(chunks: string, folder: string): void {
  const fresh = new Map<string, Script>()
  const nodeRequire = createRequire(join(chunks, 'any.cjs'))
  const { cache, extensions } = nodeRequire
  const load = extensions['.js']
  // To find a chunk, Node asks the file system ten times, and for a `package.json`.
  const requireChunk = (path: string): unknown => {
    if (!path.startsWith('./')) return nodeRequire(path)
    const file = join(chunks, path)
    const known = cache[file]
    if (known !== undefined) return known.exports
    const module = new Module(file)
    cache[file] = module
    try {
      extensions['.cjs']?.(module, file)
    } catch (error) {
      delete cache[file]
      throw error
    }
    module.loaded = true
    return module.exports
  }
  const require = Object.assign(requireChunk, nodeRequire)
  extensions['.cjs'] = (module, file) => {
    const text = dirname(file) === chunks ? readFileSync(file, 'utf8') : ''
    const [, digest] = DIGEST.exec(text) ?? []
    if (digest === undefined) return load(module, file)
    const kept = join(folder, `${digest}-${process.version}-${process.arch}`)
    const cachedData = unlessFailing(() => unsealed(readFileSync(kept)))
    const script = new Script(Module.wrap(text), { filename: file, ...(cachedData && { cachedData }) })
    if (script.cachedDataRejected !== false) fresh.set(kept, script)
    script.runInThisContext()(module.exports, require, module, file, chunks)
  }
  process.on('exit', (code) => {
    // What a run that failed has called is too little of it.
    if (fresh.size > 0 && (code === 0 || code === 2)) unlessFailing(() => write(folder, fresh))
  })
}

/**
 * The folder for the code of a command, below the user's cache; undefined where there can be none. What lies there is run, so
 * nobody but this user and root may have put it there, which can be told of POSIX only.
 */
export function codeFolder(
  command: string | undefined,
  { XDG_CACHE_HOME: cache, HOME: home, NODE_DISABLE_COMPILE_CACHE: isOff }: NodeJS.ProcessEnv,
): string | undefined {
  const base = cache || (home && join(home, '.cache'))
  if (isOff || !base || !isAbsolute(base) || command === undefined || !/^[a-z_-]+$/.test(command)) return undefined
  const folder = join(base, 'mailsync', command)
  return isOurs(folder) ? folder : undefined
}

/** Whether nobody but this user and root can change what a path leads to, as far as it is there. */
function isOurs(path: string): boolean {
  const entry = unlessFailing(() => lstatSync(path, { throwIfNoEntry: false }) ?? 'absent')
  if (entry === undefined || (entry !== 'absent' && !isSafe(entry))) return false
  return path === dirname(path) || isOurs(dirname(path))
}

function isSafe(entry: Stats): boolean {
  const { uid, mode } = entry
  const isOwn = uid === 0 || uid === process.getuid?.()
  return entry.isDirectory() && isOwn && ((mode & WRITABLE_BY_OTHERS) === 0 || (mode & STICKY) !== 0)
}

function write(folder: string, scripts: ReadonlyMap<string, Script>): void {
  // Not `recursive`: that never ends where a file system has no room for folders, such as /proc (Node 24.21, 2026-11), and makes a HOME.
  for (const path of [dirname(dirname(folder)), dirname(folder), folder])
    if (!existsSync(path)) unlessFailing(() => mkdirSync(path, { mode: 0o700 }))
  if (!isOurs(folder)) return
  for (const file of readdirSync(folder).map((name) => join(folder, name)))
    if (lstatSync(file).mtimeMs < Date.now() - KEPT) rmSync(file)
  for (const [file, script] of scripts) {
    const draft = `${file}.${process.pid}`
    try {
      writeFileSync(draft, sealed(script.createCachedData()), { mode: 0o600 })
      renameSync(draft, file)
    } catch (error) {
      rmSync(draft, { force: true })
      throw error
    }
  }
}

/** With its checksum behind it: V8 has none, and ends the process where a bit of what it wrote is another one. */
function sealed(code: Buffer): Buffer {
  const seal = Buffer.alloc(SEAL)
  seal.writeUInt32LE(crc32(code))
  return Buffer.concat([code, seal])
}

/** Undefined where it is not as it was written, after a loss of power for example. */
function unsealed(octets: Buffer): Buffer | undefined {
  const code = octets.subarray(0, -SEAL)
  return crc32(code) === octets.readUInt32LE(code.length) ? code : undefined
}

/** A cache that does not work is no reason to stop. */
function unlessFailing<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
