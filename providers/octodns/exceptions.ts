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
  'the apex TXT story: an SPF is added, changed and removed between two strangers': { 'example.com. TXT': NOT_KNOWN },
}

/** The conformance cases that a plugin cannot pass, by whether it is known how it writes TXT. */
export function exceptionsOf(isTxtKnown: boolean): Exceptions {
  return { rejects: isTxtKnown ? JOINED : { ...JOINED, ...PLAIN_ONLY } }
}
