import { RRTYPES, type RRType } from '../../records/rr/rdata.js'
import type { Exceptions } from '../provider.js'

const OTHER_STRINGS = { 'example.com. TXT': 'would cut a TXT value into other strings' }

/** What no class of octoDNS holds: it joins the strings of a TXT value. */
const JOINED = {
  'TXT values of several strings keep their borders': OTHER_STRINGS,
  'TXT values with empty strings keep their borders': OTHER_STRINGS,
  'TXT values that differ only in their borders keep their borders': OTHER_STRINGS,
}

const NOT_KNOWN = 'it is not known whether'

/** What is not given to a plugin that is not known to bring back more than plain characters. */
const PLAIN_ONLY = {
  'a TXT value of 0 octets': { 't.example.com. TXT': NOT_KNOWN },
  'a TXT value with quotes': { 't.example.com. TXT': NOT_KNOWN },
  'a TXT value with backslashes': { 't.example.com. TXT': NOT_KNOWN },
  'a TXT value with spaces at the ends': { 't.example.com. TXT': NOT_KNOWN },
  'a TXT value with UTF-8': { 't.example.com. TXT': NOT_KNOWN },
  'a TXT value with UTF-8 across the 255th octet': { 't.example.com. TXT': NOT_KNOWN },
  'CAA values with quotes and backslashes': { 'example.com. CAA': NOT_KNOWN },
  'the apex TXT story: an SPF is added, changed and removed between two strangers': { 'example.com. TXT': NOT_KNOWN },
}

const APEX_CAA = { 'example.com. CAA': 'CAA is not among its types' }
const DANE = { '_25._tcp.mail.example.com. TLSA': 'TLSA is not among its types' }

/** By a type that not every class holds, the cases that are about it. */
const LACKING: Readonly<Partial<Record<RRType, Exceptions['rejects']>>> = {
  CAA: {
    'a CAA appears, changes and goes': APEX_CAA,
    'CAA beside those of strangers, with and without the critical flag': APEX_CAA,
    'CAA values with parameters, and with a semicolon alone': APEX_CAA,
    'a CAA of no octets': APEX_CAA,
    'CAA values with quotes and backslashes': APEX_CAA,
    'a CAA value of 313 octets': APEX_CAA,
    'CAA tags of a stranger keep their case beside ours': APEX_CAA,
    'CAA of the tags that mail and others have': { 'mail.example.com. CAA': 'CAA is not among its types' },
  },
  SRV: {
    'an SRV appears, changes and goes': { '_imaps._tcp.example.com. SRV': 'SRV is not among its types' },
    'an SRV says that a service is not offered, and is': {
      '_imap._tcp.example.com. SRV': 'SRV is not among its types',
    },
    'several SRV at one name, which change in one number each': {
      '_submissions._tcp.example.com. SRV': 'SRV is not among its types',
    },
  },
  TLSA: {
    'a TLSA of 64 octets, and the next one': DANE,
    'twelve TLSA at one name': DANE,
    'a TLSA whose hex looks like a number': DANE,
  },
}

/** The conformance cases that a plugin cannot pass, by whether it is known how it writes TXT, and by the types it holds. */
export function exceptionsOf(isTxtKnown: boolean, types: readonly RRType[]): Exceptions {
  const lacking = RRTYPES.filter((type) => !types.includes(type)).map((type) => LACKING[type])
  return { rejects: Object.assign({}, JOINED, isTxtKnown ? {} : PLAIN_ONLY, ...lacking) }
}
