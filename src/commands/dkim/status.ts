import { publicDns } from '../../../providers/dns/client/public-dns.js'
import { findOrphans } from '../../dkim/rotation/orphans.js'
import { ownPlaces } from '../../dkim/rotation/own-places.js'
import { look } from '../../dkim/rotation/rotate.js'
import { type ExitCode, exitCodeOf } from '../../exit-code.js'
import type { Io } from '../../io.js'
import { hasErrors } from '../../problem.js'
import { renderStatusJson } from '../../render/json/rings-json.js'
import { renderRings } from '../../render/text/dkim/rings-text.js'
import { failureLines } from '../../render/text/faults/failures-text.js'
import { renderProblems } from '../../render/text/faults/problems-text.js'
import { print } from '../../render/text/print.js'
import { openSession } from '../../session.js'
import { onlineOptions } from '../options/open-options.js'
import { shardAlone } from '../options/shard-alone.js'
import { placeNamed } from './place-named.js'

export interface DkimStatusOptions {
  readonly config: string
  /** All domains without it. */
  readonly domain?: string | undefined
  /** `K/N`: only the keys in the zones of this part. */
  readonly shard?: string | undefined
  readonly format: 'text' | 'json'
  readonly resolver?: string | undefined
  readonly parallel: number
  /** Those that are gone too. */
  readonly all: boolean
}

/** `mailsync dkim status`: every key with its state, where it is seen, and what comes next. Nothing is changed. */
export async function dkimStatus(options: DkimStatusOptions, io: Io): Promise<ExitCode> {
  const shard = shardAlone({ shard: options.shard, named: options.domain === undefined ? [] : [options.domain] }, io)
  const session = await openSession(onlineOptions(options, io))
  const only = options.domain === undefined ? undefined : placeNamed(options.domain, session)
  const dns = publicDns({ resolver: options.resolver })
  try {
    const rings = (await look(session, { dns, io, isOwn: ownPlaces(session, shard) })).filter(
      ({ domain }) => only === undefined || domain === only,
    )
    const domains = new Set(rings.map(({ domain }) => domain))
    const { orphans, failures } = await findOrphans(session, domains, { io, parallel: options.parallel })
    const { keysDirectory, problems } = session
    const view = { keysDirectory, now: io.now(), orphans, problems, failures }
    if (options.format === 'json') io.out.write(renderStatusJson(rings, view))
    else print(io.out, renderRings(rings, { ...view, ...io.out, all: options.all }))
    print(io.err, renderProblems(problems, io.err))
    for (const failure of failures)
      print(
        io.err,
        `${[`keys in ${failure.zone} that nobody here knows are not told:`, ...failureLines(failure, io.err.colour)].join('\n  ')}\n`,
      )
    if (rings.length === 0)
      print(
        io.err,
        shard ? 'No domain of this shard signs with keys of its own.\n' : 'No domain signs with keys of its own.\n',
      )
    const isBehind = rings.some(({ next }) => next.waits.some(({ reason }) => reason === 'clock'))
    return exitCodeOf([...(hasErrors(problems) || isBehind ? [{ code: 'spec' }] : []), ...failures])
  } finally {
    dns.close()
  }
}
