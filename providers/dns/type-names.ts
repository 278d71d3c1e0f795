import { TYPE_CODES } from './message.js'

/** Types mailsync does not write but may meet in a zone: code → mnemonic (IANA, DNS parameters; 65401 is PowerDNS's own). */
const OTHER_TYPES: Readonly<Record<number, string>> = {
  3: 'MD',
  4: 'MF',
  6: 'SOA',
  7: 'MB',
  8: 'MG',
  9: 'MR',
  10: 'NULL',
  11: 'WKS',
  13: 'HINFO',
  14: 'MINFO',
  17: 'RP',
  18: 'AFSDB',
  19: 'X25',
  20: 'ISDN',
  21: 'RT',
  22: 'NSAP',
  23: 'NSAP-PTR',
  24: 'SIG',
  25: 'KEY',
  26: 'PX',
  27: 'GPOS',
  29: 'LOC',
  35: 'NAPTR',
  36: 'KX',
  37: 'CERT',
  39: 'DNAME',
  42: 'APL',
  43: 'DS',
  44: 'SSHFP',
  45: 'IPSECKEY',
  46: 'RRSIG',
  47: 'NSEC',
  48: 'DNSKEY',
  49: 'DHCID',
  50: 'NSEC3',
  51: 'NSEC3PARAM',
  53: 'SMIMEA',
  55: 'HIP',
  59: 'CDS',
  60: 'CDNSKEY',
  61: 'OPENPGPKEY',
  62: 'CSYNC',
  63: 'ZONEMD',
  64: 'SVCB',
  65: 'HTTPS',
  66: 'DSYNC',
  99: 'SPF',
  104: 'NID',
  105: 'L32',
  106: 'L64',
  107: 'LP',
  108: 'EUI48',
  109: 'EUI64',
  256: 'URI',
  258: 'AVC',
  260: 'AMTRELAY',
  261: 'RESINFO',
  262: 'WALLET',
  32768: 'TA',
  32769: 'DLV',
  65401: 'ALIAS',
  65402: 'LUA',
}

const NAMES = new Map<number, string>([
  ...Object.entries(OTHER_TYPES).map(([code, name]) => [Number(code), name] as const),
  ...Object.entries(TYPE_CODES).map(([name, code]) => [code, name] as const),
])

/** The mnemonic of a type code: `MX`; of one that has none here `TYPE65280` (RFC 3597 §5). */
export function typeText(code: number): string {
  return NAMES.get(code) ?? `TYPE${code}`
}

const CODES = new Map([...NAMES].map(([code, name]) => [name, code]))

/** The code of a type by its mnemonic, or by `TYPE65280`. Throws a RangeError for what is neither. */
export function typeCode(text: string): number {
  const code = CODES.get(text) ?? Number(/^TYPE(\d{1,5})$/.exec(text)?.[1])
  if (code >= 0 && code <= 65_535) return code
  throw new RangeError(`${text} is no type of record`)
}
