import type { SeenInDns } from '../../plan/plan.js'
import { count } from '../words.js'

type Asked = SeenInDns['asked'][number]

/** What was seen in DNS alone, and which zones were left to their providers. */
export function seenInDns({ asWanted, unchanged, asked, silent }: SeenInDns): string {
  const differs = asked.filter(({ why }) => why === 'differs')
  return [
    asWanted === 0 ? 'No zone was seen through DNS to be as wanted.' : wanted(asWanted, unchanged),
    ...asWhole(differs, (zones) => `${zones} there, and ${theirs(differs)} asked.`, 'differs', 'differ'),
    ...unconfirmed(differs.filter(({ confirmed }) => confirmed === false)),
    ...unseen(asked.filter(({ why }) => why === 'unseen')),
    ...silent.map(
      ({ zones, message }) => `${message}; ${count(zones, 'zone')} ${were(zones)} seen at other name servers.`,
    ),
  ].join(' ')
}

function wanted(zones: number, unchanged: number): string {
  const of =
    unchanged === zones ? 'by the serial alone' : `${count(unchanged, 'of them', 'of them')} by the serial alone`
  const serials = unchanged === 0 ? '' : ` (${of})`
  return `${count(zones, 'zone')} ${were(zones)} looked at through DNS only and ${zones === 1 ? 'is' : 'are'} as wanted${serials}. What others have there, and what a provider locks or makes up, is not seen that way.`
}

function asWhole(zones: readonly Asked[], sentence: (zones: string) => string, one: string, many: string): string[] {
  return zones.length === 0 ? [] : [sentence(`${count(zones.length, 'zone')} ${zones.length === 1 ? one : many}`)]
}

function unconfirmed(zones: readonly Asked[]): string[] {
  return asWhole(zones, (some) => `${some} as wanted at the provider all the same: ${firstOf(zones)}.`, 'is', 'are')
}

function unseen(zones: readonly Asked[]): string[] {
  return asWhole(
    zones,
    (some) => `${some} not be seen there, and ${theirs(zones)} asked: ${firstOf(zones)}.`,
    'could',
    'could',
  )
}

function theirs({ length }: readonly Asked[]): string {
  return length === 1 ? 'its provider was' : 'their providers were'
}

function firstOf([first, ...others]: readonly Asked[]): string {
  if (!first) return ''
  return `${first.zone} (${first.message})${others.length === 0 ? '' : ` and ${count(others.length, 'more', 'more')}`}`
}

function were(zones: number): string {
  return zones === 1 ? 'was' : 'were'
}
