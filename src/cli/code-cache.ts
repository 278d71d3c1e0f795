import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, type Stats, writeFileSync } from 'node:fs'
import Module, { createRequire } from 'node:module'
import { dirname, isAbsolute, join } from 'node:path'
import { Script } from 'node:vm'

/** The first line of what can be kept, a digest of what follows. */
const DIGEST = /^\/\/([0-9a-f]{64})\n/
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
  const { extensions } = createRequire(import.meta.url)
  const load = extensions['.js']
  extensions['.cjs'] = (module, file) => {
    const text = dirname(file) === chunks ? readFileSync(file, 'utf8') : ''
    const [, digest] = DIGEST.exec(text) ?? []
    if (digest === undefined) return load(module, file)
    const kept = join(folder, `${digest}-${process.version}-${process.arch}`)
    const cachedData = unlessFailing(() => readFileSync(kept))
    const script = new Script(Module.wrap(text), { filename: file, ...(cachedData && { cachedData }) })
    if (script.cachedDataRejected !== false) fresh.set(kept, script)
    script.runInThisContext()(module.exports, createRequire(file), module, file, chunks)
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
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (!isOurs(folder)) return
  for (const file of readdirSync(folder).map((name) => join(folder, name)))
    if (lstatSync(file).mtimeMs < Date.now() - KEPT) rmSync(file)
  for (const [file, script] of scripts) {
    const draft = `${file}.${process.pid}`
    writeFileSync(draft, script.createCachedData(), { mode: 0o600 })
    renameSync(draft, file)
  }
}

/** A cache that does not work is no reason to stop. */
function unlessFailing<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
