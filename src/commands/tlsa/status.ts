import { publicDns } from '../../../providers/dns/client/public-dns.js'
import { MailsyncError } from '../../../records/error.js'
import { displayName, parseName } from '../../../records/rr/name.js'
import { didYouMean } from '../../config/faults/suggest.js'
import { type ExitCode, exitCodeOf } from '../../exit-code.js'
import { lookAtHosts, type TlsaHost, tlsaHosts } from '../../hosts/tlsa/look.js'
import { isRefusedBySenders } from '../../hosts/tlsa/words.js'
import type { Io } from '../../io.js'
import { renderTlsaStatusJson } from '../../render/json/tlsa-json.js'
import { renderProblems } from '../../render/text/faults/problems-text.js'
import { print } from '../../render/text/print.js'
import { renderHostRolls } from '../../render/text/tlsa-text.js'
import { openSession, type Session } from '../../session.js'

export interface TlsaStatusOptions {
  readonly config: string
  /** All hosts without it. */
  readonly host?: string | undefined
  readonly format: 'text' | 'json'
  readonly resolver?: string | undefined
  /** Whether servers are asked for their certificates. */
  readonly connect: boolean
}

/** `mailsync tlsa status`: every key of a host, where it is seen, what its server answers with, and what comes next. Changes nothing. */
export async function tlsaStatus(options: TlsaStatusOptions, io: Io): Promise<ExitCode> {
  const session = await openSession({ file: options.config, env: io.env, online: false })
  const hosts = chosenHosts(session, options.host)
  const dns = publicDns({ resolver: options.resolver })
  try {
    const rolls = await lookAtHosts(hosts, session, { dns, io, connect: options.connect })
    if (options.format === 'json') io.out.write(renderTlsaStatusJson(rolls, session.problems))
    else print(io.out, renderHostRolls(rolls, { ...io.out, now: io.now() }))
    print(io.err, renderProblems(session.problems, io.err))
    if (rolls.length === 0) print(io.err, 'No host has TLSA in the spec.\n')
    const failures = rolls.flatMap(({ failure }) => failure ?? [])
    return exitCodeOf([...failures, ...(rolls.some(isRefusedBySenders) ? [{ code: 'unavailable' }] : [])])
  } finally {
    dns.close()
  }
}

function chosenHosts(session: Session, text: string | undefined): readonly TlsaHost[] {
  const all = tlsaHosts(session)
  if (text === undefined) return all
  const found = all.filter(({ name }) => name === parseName(text))
  if (found.length > 0) return found
  throw new MailsyncError('usage', `${text} is no host of the spec with tlsa`, {
    hint: didYouMean(
      text,
      all.map(({ name }) => displayName(name)),
    ),
  })
}
