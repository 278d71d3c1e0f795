import { dirname, resolve } from 'node:path'
import { publicDns } from '../../../providers/dns/client/public-dns.js'
import { type ExitCode, exitCodeOf } from '../../exit-code.js'
import { failureOf } from '../../failure.js'
import { concerns, renewedCertificate } from '../../hosts/tlsa/acme-hook.js'
import { tlsaHosts } from '../../hosts/tlsa/look.js'
import { refusedRenewals } from '../../hosts/tlsa/refusals.js'
import { roll } from '../../hosts/tlsa/roll.js'
import { alone } from '../../hosts/tlsa/roll-file.js'
import type { Io } from '../../io.js'
import { renderRollJson } from '../../render/json/tlsa-json.js'
import { print } from '../../render/text/print.js'
import { renderRoll } from '../../render/text/tlsa-text.js'
import { closeAll, openSession, type Session } from '../../session.js'

export interface TlsaRollOptions {
  readonly config: string
  readonly format: 'text' | 'json'
  readonly dryRun: boolean
  /** An ACME client asks: it is an error where what it renewed is not installed. */
  readonly deployHook: boolean
  /** Whether DNS is written. */
  readonly publish: boolean
  /** Whether servers are asked for their certificates. */
  readonly connect: boolean
  readonly resolver?: string | undefined
  readonly parallel: number
}

/** `mailsync tlsa roll`: takes every step that is due with the keys of certificates, in DNS, in the files beside the spec, and at the server. */
export async function tlsaRoll(options: TlsaRollOptions, io: Io): Promise<ExitCode> {
  const { config, format, dryRun, publish, connect, parallel } = options
  const renewed = options.deployHook ? renewedCertificate(io.env) : undefined
  const open = (online: boolean) =>
    openSession({ file: config, env: io.env, online, ...(online && { onSecret: io.redaction.add, watch: io.watch }) })
  const opened = await open(publish)
  const folder = dirname(resolve(config))
  const chosen = tlsaHosts(opened).filter((host) => renewed === undefined || concerns(host, renewed, folder))
  if (renewed !== undefined && chosen.length === 0)
    print(io.err, `${renewed.path} is the certificate of no host in ${config}; nothing to do.\n`)
  const names = new Set(chosen.map(({ name }) => name))
  const isIdle = renewed !== undefined && names.size === 0
  const take = async (session: Session): Promise<ExitCode> => {
    const providers = publish && !isIdle ? await session.connect() : undefined
    const dns = publicDns({ resolver: options.resolver })
    try {
      const rolled = await roll({
        session,
        reopen: () => open(false),
        providers,
        dns,
        io,
        parallel,
        isChosen: (host) => names.has(host),
        connect,
        dryRun,
      })
      const refused = renewed ? refusedRenewals(rolled.hosts, renewed).map(failureOf) : []
      const view = { dryRun, now: io.now(), refused, file: config }
      if (format === 'json') io.out.write(renderRollJson(rolled, view))
      else print(io.out, renderRoll(rolled, { ...view, ...io.out }))
      return exitCodeOf([...rolled.zoneFailures, ...rolled.failures, ...refused])
    } finally {
      dns.close()
      if (providers) await closeAll(providers)
    }
  }
  if (dryRun || chosen.every(({ tlsa }) => tlsa.roll.length === 0)) return take(opened)
  return alone(config, io.signal, async () => take(await open(publish)))
}
