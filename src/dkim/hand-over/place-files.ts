import { chmodSync, lchownSync, lstatSync, realpathSync, type Stats, statSync, unlinkSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import process from 'node:process'
import { fileError, unlessAbsent } from '../../../providers/files/file-error.js'
import { leftoversIn } from '../../../providers/files/leftovers.js'
import { withLock } from '../../../providers/files/lock.js'
import { FILE_LIMITS, readRegularFile } from '../../../providers/files/read-file.js'
import { createFile, makeFolder, removeDrafts, replaceFile } from '../../../providers/files/write-file.js'
import { MailsyncError } from '../../../records/error.js'
import { isInWorkTree } from '../keystore/private/found-key.js'
import type { Owner } from './owner.js'
import type { HandedFile } from './signer-format.js'

/** What became of a file. */
export interface PlacedFile {
  readonly path: string
  readonly change: 'new' | 'changed' | 'same' | 'removed'
}

export interface PlaceOptions {
  readonly folder: string
  /** Who is to own private files; undefined where nobody else is to, or this process cannot give files away. */
  readonly owner: Owner | undefined
  /** Private files that are to be there no more, where `isOver` says that they hold such a key. */
  readonly over: readonly { readonly path: string; readonly isOver: (text: string) => boolean }[]
  readonly signal: AbortSignal
}

const PRIVATE_MODE = 0o600
const FOLDER_MODE = 0o750
const LOCK = '.mailsync.lock'

/**
 * Makes files below a folder as they are handed over, in their order, each all at once: private ones first, then the tables
 * that name them, and what is over is removed in the end. So a signer that reads them at any moment, or after a crash, finds the key of every
 * table. Files that are as they should be are not touched.
 *
 * Throws {@link MailsyncError} `guard` where something else than a file is in the place of a private key.
 */
export async function placeFiles(files: readonly HandedFile[], options: PlaceOptions): Promise<readonly PlacedFile[]> {
  const { folder, signal } = options
  try {
    makeFolder(folder)
    return await withLock(join(folder, LOCK), { signal }, async () => {
      await clearDrafts([...files, ...options.over], folder)
      const placed: PlacedFile[] = []
      for (const file of files) placed.push({ path: file.path, change: await place(file, options) })
      for (const { path, isOver } of options.over)
        if (removed(join(folder, path), isOver)) placed.push({ path, change: 'removed' })
      return placed
    })
  } catch (error) {
    throw fileError(error, folder)
  }
}

/** What a killed run left half-written: beside a private key it holds one too. */
async function clearDrafts(files: readonly { readonly path: string }[], folder: string): Promise<void> {
  const paths = new Set(files.map(({ path }) => path))
  for (const own of new Set([...paths].map((path) => posix.dirname(path)))) {
    const place = join(folder, own)
    const names = await leftoversIn(place).catch(unlessAbsent)
    removeDrafts(place, names ?? [], (name) => paths.has(posix.join(own, name)))
  }
}

async function place(file: HandedFile, { folder, owner }: PlaceOptions): Promise<PlacedFile['change']> {
  const path = join(folder, file.path)
  const isPrivate = file.kind === 'private'
  makeFolder(dirname(path))
  if (isPrivate) await closeFolder(dirname(path), owner)
  const before = isPrivate ? privateStats(path) : statSync(path, { throwIfNoEntry: false })
  const mode = isPrivate ? PRIVATE_MODE : file.kind === 'program' ? 0o755 : 0o644
  const isSame = before !== undefined && readRegularFile(path, FILE_LIMITS.plan).toString() === file.text
  const isOwned = !isPrivate || owner === undefined || (before?.uid === owner.uid && before.gid === owner.gid)
  if (isSame && isOwned && (before.mode & 0o7777) === mode) return 'same'
  await replaceFile(path, file.text, mode)
  if (isPrivate && owner !== undefined) lchownSync(path, owner.uid, owner.gid)
  return before === undefined ? 'new' : 'changed'
}

/** The folder of private keys: for its owner, and for the group of the signer to look into. Git takes nothing from it. */
async function closeFolder(folder: string, owner: Owner | undefined): Promise<void> {
  const stats = lstatSync(folder)
  if (!stats.isDirectory()) throw inTheWay(folder)
  if (owner !== undefined && stats.gid !== owner.gid) lchownSync(folder, process.getuid?.() ?? stats.uid, owner.gid)
  if ((stats.mode & 0o7777) !== FOLDER_MODE) chmodSync(folder, FOLDER_MODE)
  if (isInWorkTree(realpathSync(folder))) await createFile(join(folder, '.gitignore'), '*\n', 0o644)
}

function privateStats(path: string): Stats | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats === undefined || stats.isFile()) return stats
  throw inTheWay(path)
}

function removed(path: string, isOver: (text: string) => boolean): boolean {
  try {
    if (privateStats(path) === undefined || !isOver(readRegularFile(path, FILE_LIMITS.privateKey).toString()))
      return false
    unlinkSync(path)
    return true
  } catch (error) {
    unlessAbsent(error)
    return false
  }
}

function inTheWay(path: string): MailsyncError {
  return new MailsyncError('guard', `${path} is in the place of a private key, and is no regular file`, {
    where: { file: path },
    hint: 'move it away',
  })
}
