import { quoted } from '../../../records/cut.js'
import { MailsyncError } from '../../../records/error.js'
import { displayName, parseName } from '../../../records/rr/name.js'
import type { Host } from '../../../records/spec.js'
import { didYouMean } from '../../config/faults/suggest.js'
import type { ExitCode } from '../../exit-code.js'
import { dovecotConfig } from '../../hosts/server-config/dovecot-config.js'
import { hostView } from '../../hosts/server-config/host-view.js'
import { postfixConfig } from '../../hosts/server-config/postfix-config.js'
import { sendmailConfig } from '../../hosts/server-config/sendmail-config.js'
import type { Io } from '../../io.js'
import { renderProblems } from '../../render/text/faults/problems-text.js'
import { print } from '../../render/text/print.js'
import { openSession, type Session } from '../../session.js'

const CONFIGS = { postfix: postfixConfig, sendmail: sendmailConfig, dovecot: dovecotConfig } as const

export interface HostConfigOptions {
  readonly config: string
  readonly host: string
  readonly format: keyof typeof CONFIGS
}

/** `mailsync host-config`: what the mail server of a host has to know of the spec, in its own words. Throws `usage` for a name that is no host. */
export async function hostConfig({ config, host, format }: HostConfigOptions, io: Io): Promise<ExitCode> {
  const session = await openSession({ file: config, env: io.env, online: false })
  print(io.err, renderProblems(session.problems, io.err))
  io.out.write(CONFIGS[format](hostView(hostNamed(host, session), session.spec)))
  return 0
}

function hostNamed(text: string, { spec }: Session): Host {
  const name = parseName(text)
  const host = spec.hosts.find((one) => one.name === name)
  if (host !== undefined) return host
  const names = spec.hosts.slice(0, 1000).map((one) => displayName(one.name))
  throw new MailsyncError('usage', `${quoted(text)} is no host of the spec`, {
    hint:
      didYouMean(text, names) ??
      (names.length === 0 ? 'name one under hosts' : `it has ${names.slice(0, 10).join(', ')}`),
  })
}
