import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { promisify } from 'node:util'
import { fileError, unlessAbsent } from '../../../providers/files/file-error.js'
import { leftoversIn } from '../../../providers/files/leftovers.js'
import { FILE_LIMITS, readRegularFile } from '../../../providers/files/read-file.js'
import { removeDrafts, replaceFile } from '../../../providers/files/write-file.js'
import { cut } from '../../../records/cut.js'
import { MailsyncError } from '../../../records/error.js'
import type { RolledCertificate } from '../../../records/spec.js'
import type { Renewal } from './certificate-files.js'

/** Milliseconds that a server has to read its certificate again. */
const LIMIT = 60_000
const MOST_CHARACTERS = 300

/**
 * Gives a server its renewed certificate: all at once, so that it never finds a key without its certificate, and has it read again. The
 * file keeps its owner and mode; a new one can be read by its owner alone. Doing it again is harmless,
 * and takes away what a killed run left half-written: only who holds the lock of the keys may call it.
 *
 * Throws {@link MailsyncError} `guard` where the certificate is not valid now, `io` where the file cannot be written, `rejected` where the
 * command fails: the file is as it was then.
 */
export async function installRenewal(
  { install, reload }: RolledCertificate,
  { pem, certificate }: Renewal,
  {
    folder,
    now,
    env,
    signal,
  }: {
    /** Of the spec. */
    readonly folder: string
    /** Seconds since 1970. */
    readonly now: number
    readonly env: Readonly<Record<string, string | undefined>>
    readonly signal: AbortSignal
  },
): Promise<void> {
  const ends = Date.parse(certificate.validTo) / 1000
  if (now >= ends)
    throw new MailsyncError('guard', `the certificate was valid until ${certificate.validTo}, and is not installed`, {
      hint: 'renew it; the server keeps what it has until then',
    })
  const file = resolve(folder, install)
  const before = textIn(file)
  try {
    const leftovers = await leftoversIn(dirname(file)).catch(() => [])
    removeDrafts(dirname(file), leftovers, (name) => name === basename(file))
    await replaceFile(file, pem, before === undefined ? 0o600 : undefined)
  } catch (error) {
    try {
      unlessAbsent(error)
    } catch {
      throw fileError(error, file)
    }
    throw new MailsyncError('io', `${dirname(file)} is not there`, {
      where: { file },
      hint: 'make the folder, for the user that the server runs as; or name another file: tlsa.roll.install',
    })
  }
  if (reload === undefined) return
  const [command = '', ...args] = reload.split(/\s+/)
  try {
    await promisify(execFile)(command, args, { cwd: folder, env, signal, timeout: LIMIT })
  } catch (error) {
    if (before === undefined) rmSync(file)
    else await replaceFile(file, before)
    if (signal.aborted) throw new MailsyncError('cancelled', `stopped while ${reload} ran`)
    const { stderr = '', message } = error as Error & { readonly stderr?: string }
    throw new MailsyncError('rejected', `${reload} failed: ${cut(stderr.trim() || message, MOST_CHARACTERS)}`, {
      hint: `${file} is as it was; see why the command fails, and run it again`,
    })
  }
}

function textIn(file: string): string | undefined {
  try {
    return readRegularFile(file, FILE_LIMITS.privateKey).toString('utf8')
  } catch (error) {
    return unlessAbsent(error)
  }
}
