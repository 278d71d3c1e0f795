import type { Name } from '../../../../records/rr/name.js'
import { type Check, judge, ofHost } from '../../check.js'
import type { DnsView } from '../../view/dns-view.js'
import type { World } from '../world.js'
import { openConversation } from './conversation.js'
import type { SmtpWorld } from './mail-server.js'

/** A mail server that everybody reaches who reaches any (the first MX of gmail.com, 2026-11). */
const LARGE = 'gmail-smtp-in.l.google.com.' as Name

/** Looks once whether this network lets anything out to port 25. */
export function outboundProbe(dns: DnsView, smtp: SmtpWorld | undefined, signal: AbortSignal): World['portIsBlocked'] {
  let probed: Promise<boolean | undefined> | undefined
  return () => {
    probed ??= smtp ? isBlocked(dns, smtp, signal) : Promise.resolve(undefined)
    return probed
  }
}

async function isBlocked(dns: DnsView, { at, timeout }: SmtpWorld, signal: AbortSignal): Promise<boolean | undefined> {
  const look = await dns.look(LARGE, 'A')
  if (look.kind !== 'answer') return undefined
  try {
    const talk = await openConversation(at(look.rrset.rdata[0] as string, 25), { timeout, signal })
    talk.close()
    return false
  } catch {
    return true
  }
}

/** Whether mail can go out from where this runs; many networks and clouds let none out. */
export async function checkOutbound(world: World): Promise<Check[]> {
  const { pass, warn, unknown } = judge('smtp-outbound', ofHost(LARGE), 'port 25 of a large receiver')
  const isBlocked = await world.portIsBlocked()
  if (isBlocked === undefined)
    return [unknown('not tried: the address of that receiver is not found', 'name a resolver that answers: --resolver')]
  return isBlocked
    ? [
        warn(
          'this network lets nothing out to port 25, as many providers and clouds do',
          'where this machine is to send mail: ask its provider to open the port (most have a form), or send through a relay at port 587',
        ),
      ]
    : [pass('mail can go out from here')]
}
