import type { Answer } from 'dns-packet'
import type { Zones } from '../records/families/spf/zones.js'
import { replyTo, type Script, type ScriptedDns, type ScriptedReply, startScriptedDns } from './scripted-dns.js'

/** A resolver that answers from records by name, as `dnsOf` does; it follows a CNAME. */
export async function startZonesDns(zones: Zones): Promise<ScriptedDns> {
  const script: Script = (query) => {
    const reply = answerFor(zones, query.name, query.type)
    return replyTo(query, { authoritative: false, ...reply })
  }
  return startScriptedDns(script)
}

function answerFor(zones: Zones, name: string, type: string): ScriptedReply {
  const held = zones[name]
  if (held === undefined) return { rcode: Object.keys(zones).some((other) => other.endsWith(`.${name}`)) ? 0 : 3 }
  if (held.includes('failure')) return { rcode: 2 }
  const alias = held.find((value) => value.startsWith('CNAME '))?.slice(6)
  if (alias !== undefined) {
    const { answers = [], ...rest } = answerFor(zones, alias, type)
    return { ...rest, answers: [{ type: 'CNAME', name, ttl: 60, data: alias }, ...answers] }
  }
  return { answers: held.flatMap((value) => recordOf(name, type, value) ?? []) }
}

function recordOf(name: string, type: string, value: string): Answer | undefined {
  const [, named, rest = ''] = /^(A|AAAA|MX|PTR|TXT) (.*)$/s.exec(value) ?? [undefined, 'TXT', value]
  if (named !== type) return undefined
  const head = { name, ttl: 60 }
  if (type === 'MX') {
    const [preference, exchange = ''] = rest.split(' ')
    return { ...head, type: 'MX', data: { preference: Number(preference), exchange } }
  }
  if (type === 'TXT') return { ...head, type: 'TXT', data: rest.match(/.{1,255}/gs) ?? [''] }
  return { ...head, type: type as 'A', data: rest }
}
