import { resolve } from 'node:path'
import { quoted } from '../../../records/cut.js'
import { MailsyncError } from '../../../records/error.js'
import { chosenKeys } from '../../dkim/hand-over/chosen-keys.js'
import { holdsKey } from '../../dkim/hand-over/holds-key.js'
import { ownerNamed } from '../../dkim/hand-over/owner.js'
import { placeFiles } from '../../dkim/hand-over/place-files.js'
import type { SignerFormat } from '../../dkim/hand-over/signer-format.js'
import { signerFormats } from '../../dkim/hand-over/signer-formats.js'
import type { SignerName } from '../../dkim/hand-over/signers.js'
import { type HandOver, handOver, idOf } from '../../dkim/hand-over/signing-keys.js'
import { warnings } from '../../dkim/hand-over/warnings.js'
import { readIdentities } from '../../dkim/keystore/private/age.js'
import { type ExitCode, exitCodeOf } from '../../exit-code.js'
import type { Io } from '../../io.js'
import { readSelection } from '../../plan/select.js'
import { hasErrors } from '../../problem.js'
import { listingText, nextText } from '../../render/text/dkim/hand-over-text.js'
import { renderProblems } from '../../render/text/faults/problems-text.js'
import { print } from '../../render/text/print.js'
import { keyProblem, openSession } from '../../session.js'

export interface DkimExportOptions {
  readonly config: string
  readonly format: SignerName
  /** Where the files are written; only listed without it. */
  readonly out?: string | undefined
  /** Where the signer finds that folder, where it is not `out`. */
  readonly at?: string | undefined
  readonly identity?: string | undefined
  readonly domain: readonly string[]
}

/** `mailsync dkim export`: what a signer needs to sign with the keys that sign now. No DNS is read or written. */
export async function dkimExport(options: DkimExportOptions, io: Io): Promise<ExitCode> {
  const session = await openSession({ file: options.config, env: io.env, online: false })
  const only = readSelection(session.spec, [], options.domain).domains
  const identities = options.identity === undefined ? [] : await readIdentities(options.identity)
  const format = signerFormats[options.format]
  const { handed, findings } = await handOver(session, only, identities)
  const { chosen, leftOut } = chosenKeys(handed, format)
  const faults = findings.map(keyProblem)
  const problems = [
    ...session.problems,
    ...faults,
    ...(faults.length > 0 ? [] : warnings(handed.domains, leftOut, format, session)),
  ]
  print(io.err, renderProblems(problems, io.err))
  if (hasErrors(problems)) {
    print(io.err, 'Nothing was written.\n')
    return exitCodeOf([{ code: 'spec' }])
  }
  if (chosen.domains.every(({ signers }) => signers.length === 0))
    throw new MailsyncError('guard', `there is no key for ${format.title} to sign with, so nothing was written`, {
      hint: '`mailsync dkim status` says of each key what comes next',
    })
  const place = placeOf(format, options)
  const files = format.files({ ...chosen, place })
  const owner = format.user === undefined ? undefined : await ownerNamed(format.user)
  const placed =
    options.out === undefined
      ? undefined
      : await placeFiles(files, {
          folder: resolve(options.out),
          owner,
          over: overIn(handed, format),
          signal: io.signal,
        })
  io.out.write(listingText(chosen.domains, files, placed, format))
  const isOwned = format.user === undefined || owner !== undefined
  print(io.err, nextText({ format, files, placed, folder: resolve(options.out ?? place), place, isOwned }))
  return 0
}

/** Where the signer finds its files. Throws `usage` for a path that cannot stand in a table. */
function placeOf(format: SignerFormat, { out, at }: DkimExportOptions): string {
  const place = at ?? (out === undefined || format.isMounted === true ? format.place : resolve(out))
  if (/^\/[\w./+-]*$/.test(place)) return place.replace(/\/+$/, '')
  throw new MailsyncError('usage', `${quoted(place)} cannot stand in the tables of a signer`, {
    hint: 'say where the signer will find the folder, as an absolute path of letters, digits and /._+-: --at /etc/opendkim',
  })
}

function overIn({ over }: HandOver, format: SignerFormat) {
  return over.flatMap((key) =>
    format.keyPaths(idOf(key)).map((path) => ({ path, isOver: (text: string): boolean => holdsKey(text, key) })),
  )
}
