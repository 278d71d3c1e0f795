/** Records by name below the domain of a variant, `@` for the domain itself; values as `startZonesDns` takes them. */
export type Held = Readonly<Record<string, readonly string[]>>

/** What receivers make of a message: `pass`, `fail`, `none` …, for DKIM whether a signature holds. */
export type Outcome = Readonly<Record<'spf' | 'dkim' | 'dmarc', string>>

export interface Variant {
  readonly name: string
  /** Over what a domain has whose mail passes. */
  readonly held: Held
  /** SPF, DKIM and DMARC. */
  readonly outcome: string
  /** The address that the message comes from; default `192.0.2.10`. */
  readonly from?: string
  /** The label below the domain of the variant that the mail is of; default: the domain itself. */
  readonly below?: string
  readonly algorithm?: 'ed25519'
}

/** Stand for the public keys, for one of somebody else, and for the domain of the variant. */
export const [RSA, ED25519, STRANGE, DOMAIN] = ['{rsa}', '{ed25519}', '{strange}', '{domain}'] as const

/** What every domain has, but for what a variant says. */
export const PASSING: Held = {
  '@': ['v=spf1 ip4:192.0.2.10 -all', 'MX 10 mail.{domain}.'],
  mail: ['A 192.0.2.10', 'AAAA 2001:db8::10'],
  's1._domainkey': [`v=DKIM1; k=rsa; p=${RSA}`],
  _dmarc: ['v=DMARC1; p=reject'],
}

const KEY = 's1._domainkey'
const NO_DKIM = { [KEY]: [] }
const spf = (name: string, record: string | readonly string[], result: string, more: Held = {}): Variant => ({
  name: `SPF: ${name}`,
  held: { '@': [record].flat(), ...more },
  outcome: `${result} pass pass`,
})
const dkim = (name: string, held: readonly string[], result: string, more: Held = {}): Variant => ({
  name: `DKIM: ${name}`,
  held: { [KEY]: held, ...more },
  outcome: `pass ${result} pass`,
})
const dmarc = (name: string, held: Held, outcome: string): Variant => ({ name: `DMARC: ${name}`, held, outcome })
const series = (count: number, term: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => term(index)).join(' ')
const owners = (count: number, name: (index: number) => string, value: string): Held =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [name(index), [value]]))

const SPF: readonly Variant[] = [
  spf('ip4 names the address', 'v=spf1 ip4:192.0.2.10 -all', 'pass'),
  spf('a network holds it', 'v=spf1 ip4:192.0.2.0/28 -all', 'pass'),
  spf('a network ends before it', 'v=spf1 ip4:192.0.2.0/29 -all', 'fail'),
  spf('another address', 'v=spf1 ip4:192.0.2.11 -all', 'fail'),
  spf('~all', 'v=spf1 ip4:192.0.2.11 ~all', 'softfail'),
  spf('?all', 'v=spf1 ip4:192.0.2.11 ?all', 'neutral'),
  spf('+all', 'v=spf1 +all', 'pass'),
  spf('no all', 'v=spf1 ip4:192.0.2.11', 'neutral'),
  spf('a qualifier of a mechanism', 'v=spf1 ~ip4:192.0.2.10 -all', 'softfail'),
  spf('none', [], 'none'),
  spf('no version', 'spf1 ip4:192.0.2.10 -all', 'none'),
  spf('another version', 'v=spf10 ip4:192.0.2.10 -all', 'none'),
  spf('upper case', 'V=SPF1 IP4:192.0.2.10 -ALL', 'pass'),
  spf('two records', ['v=spf1 ip4:192.0.2.10 -all', 'v=spf1 -all'], 'permerror'),
  spf('beside another TXT', ['site=abc', 'v=spf1 ip4:192.0.2.10 -all'], 'pass'),
  spf('an unknown mechanism before', 'v=spf1 ipv4:192.0.2.10 -all', 'permerror'),
  spf('an unknown mechanism after', 'v=spf1 ip4:192.0.2.10 ipv4:192.0.2.11 -all', 'permerror'),
  spf('an unknown modifier', 'v=spf1 ip4:192.0.2.10 moo=1 -all', 'pass'),
  spf('an address that is none', 'v=spf1 ip4:192.0.2.300 -all', 'permerror'),
  spf('a prefix that is none', 'v=spf1 ip4:192.0.2.10/33 -all', 'permerror'),
  spf('a of the domain', 'v=spf1 a -all', 'pass', { '@': ['v=spf1 a -all', 'A 192.0.2.10'] }),
  spf('a of another name', 'v=spf1 a:mail.{domain} -all', 'pass'),
  spf('a with a prefix', 'v=spf1 a:mail.{domain}/28 -all', 'pass', { mail: ['A 192.0.2.1'] }),
  spf('a of a name without address', 'v=spf1 a:void.{domain} -all', 'fail'),
  spf('mx', ['v=spf1 mx -all', 'MX 10 mail.{domain}.'], 'pass'),
  spf('mx of another name', 'v=spf1 mx:other.{domain} -all', 'pass', { other: ['MX 10 mail.{domain}.'] }),
  spf('mx elsewhere', ['v=spf1 mx -all', 'MX 10 mail.{domain}.'], 'fail', { mail: ['A 192.0.2.11'] }),
  spf('include that passes', 'v=spf1 include:_spf.{domain} -all', 'pass', { _spf: ['v=spf1 ip4:192.0.2.10 -all'] }),
  spf('include that fails does not match', 'v=spf1 include:_spf.{domain} ~all', 'softfail', {
    _spf: ['v=spf1 ip4:192.0.2.11 -all'],
  }),
  spf('include of a name without SPF', 'v=spf1 include:_spf.{domain} ip4:192.0.2.10 -all', 'permerror'),
  spf('include of itself', 'v=spf1 include:{domain} -all', 'permerror'),
  spf('include in a circle', 'v=spf1 include:_a.{domain} -all', 'permerror', {
    _a: ['v=spf1 include:_b.{domain} -all'],
    _b: ['v=spf1 include:_a.{domain} -all'],
  }),
  spf('include by an alias', 'v=spf1 include:_spf.{domain} -all', 'pass', {
    _spf: ['CNAME real.{domain}.'],
    real: ['v=spf1 ip4:192.0.2.10 -all'],
  }),
  spf('redirect that passes', 'v=spf1 redirect=_spf.{domain}', 'pass', { _spf: ['v=spf1 ip4:192.0.2.10 -all'] }),
  spf('redirect that fails', 'v=spf1 redirect=_spf.{domain}', 'fail', { _spf: ['v=spf1 ip4:192.0.2.11 -all'] }),
  spf('redirect to a name without SPF', 'v=spf1 redirect=_spf.{domain}', 'permerror'),
  spf('redirect beside all', 'v=spf1 redirect=_spf.{domain} ~all', 'softfail', { _spf: ['v=spf1 +all'] }),
  spf('exists', 'v=spf1 exists:mail.{domain} -all', 'pass'),
  spf('exists of what does not', 'v=spf1 exists:void.{domain} -all', 'fail'),
  spf('the address as a macro', 'v=spf1 exists:%{ir}.ip.{domain} -all', 'pass', { '10.2.0.192.ip': ['A 127.0.0.2'] }),
  spf('local part and domain as macros', 'v=spf1 exists:%{l}.at.%{d} -all', 'pass', {
    'postmaster.at': ['A 127.0.0.2'],
  }),
  spf('the HELO name as a macro', 'v=spf1 a:%{h} -all', 'pass'),
  spf('a macro that is none', 'v=spf1 exists:%{y}.{domain} -all', 'permerror'),
  spf('ten names are looked up', `v=spf1 ${series(9, (n) => `a:n${n}.{domain}`)} a:mail.{domain} -all`, 'pass', {
    ...owners(9, (n) => `n${n}`, 'A 192.0.2.11'),
  }),
  spf(
    'eleven names are looked up',
    `v=spf1 ${series(10, (n) => `a:n${n}.{domain}`)} a:mail.{domain} -all`,
    'permerror',
    {
      ...owners(10, (n) => `n${n}`, 'A 192.0.2.11'),
    },
  ),
  spf('two names are not there', 'v=spf1 a:v1.{domain} a:v2.{domain} ip4:192.0.2.10 -all', 'pass'),
  spf('three names are not there', 'v=spf1 a:v1.{domain} a:v2.{domain} a:v3.{domain} ip4:192.0.2.10 -all', 'permerror'),
  { ...spf('ip6 names the address', 'v=spf1 ip6:2001:db8::10 -all', 'pass'), from: '2001:db8::10' },
  { ...spf('an IPv6 network', 'v=spf1 ip6:2001:db8::/32 -all', 'pass'), from: '2001:db8::10' },
  { ...spf('only IPv4 is named', 'v=spf1 ip4:192.0.2.10 -all', 'fail'), from: '2001:db8::10' },
  { ...spf('a has the IPv6 address', 'v=spf1 a:mail.{domain} -all', 'pass'), from: '2001:db8::10' },
]

const DKIM: readonly Variant[] = [
  dkim('the key is there', [`v=DKIM1; k=rsa; p=${RSA}`], 'pass'),
  dkim('without version and kind', [`p=${RSA}`], 'pass'),
  dkim('the version is not first', [`k=rsa; v=DKIM1; p=${RSA}`], 'fail'),
  dkim('no key', [], 'fail'),
  dkim('revoked', ['v=DKIM1; k=rsa; p='], 'fail'),
  dkim('somebody else’s key', [`v=DKIM1; k=rsa; p=${STRANGE}`], 'fail'),
  dkim('in test', [`v=DKIM1; k=rsa; t=y; p=${RSA}`], 'pass'),
  dkim('of exactly this domain', [`v=DKIM1; k=rsa; t=s; p=${RSA}`], 'pass'),
  dkim('for e-mail', [`v=DKIM1; k=rsa; s=email; p=${RSA}`], 'pass'),
  dkim('for something else', [`v=DKIM1; k=rsa; s=tlsrpt; p=${RSA}`], 'fail'),
  dkim('for sha256', [`v=DKIM1; k=rsa; h=sha256; p=${RSA}`], 'pass'),
  dkim('for sha1 only', [`v=DKIM1; k=rsa; h=sha1; p=${RSA}`], 'fail'),
  dkim('an alias leads to the key', ['CNAME keys.{domain}.'], 'pass', { keys: [`v=DKIM1; k=rsa; p=${RSA}`] }),
  dkim('an alias leads nowhere', ['CNAME keys.{domain}.'], 'fail'),
  dkim('a key that is no base64', ['v=DKIM1; k=rsa; p=%%%'], 'fail'),
  dkim('of another kind than the signature', [`v=DKIM1; k=ed25519; p=${ED25519}`], 'fail'),
  { ...dkim('Ed25519', [`v=DKIM1; k=ed25519; p=${ED25519}`], 'pass'), algorithm: 'ed25519' },
  { ...dkim('Ed25519 revoked', ['v=DKIM1; k=ed25519; p='], 'fail'), algorithm: 'ed25519' },
  { ...dkim('Ed25519 without its kind', [`v=DKIM1; p=${ED25519}`], 'fail'), algorithm: 'ed25519' },
  dkim('two keys', [`v=DKIM1; k=rsa; p=${RSA}`, `v=DKIM1; k=rsa; p=${STRANGE}`], 'fail'),
]

const FAILING = { '@': ['v=spf1 -all'], ...NO_DKIM }
const DMARC: readonly Variant[] = [
  dmarc('SPF alone passes', NO_DKIM, 'pass fail pass'),
  dmarc('neither passes, p=reject', FAILING, 'fail fail fail'),
  dmarc('neither passes, p=quarantine', { ...FAILING, _dmarc: ['v=DMARC1; p=quarantine'] }, 'fail fail fail'),
  dmarc('neither passes, p=none', { ...FAILING, _dmarc: ['v=DMARC1; p=none'] }, 'fail fail fail'),
  dmarc('a softfail is no pass', { ...FAILING, '@': ['v=spf1 ~all'] }, 'softfail fail fail'),
  dmarc('a permerror is no pass', { ...FAILING, '@': ['v=spf1 foo -all'] }, 'permerror fail fail'),
  dmarc('no policy', { ...FAILING, _dmarc: [] }, 'fail fail none'),
  dmarc('no policy, and all passes', { _dmarc: [] }, 'pass pass none'),
  dmarc('two policies', { _dmarc: ['v=DMARC1; p=reject', 'v=DMARC1; p=none'] }, 'pass pass none'),
  dmarc('beside another TXT', { _dmarc: ['site=abc', 'v=DMARC1; p=reject'] }, 'pass pass pass'),
  dmarc('strict alignment', { _dmarc: ['v=DMARC1; p=reject; adkim=s; aspf=s'] }, 'pass pass pass'),
  dmarc('a version that is none', { _dmarc: ['v=DMARC2; p=reject'] }, 'pass pass none'),
  dmarc('the version is not first', { _dmarc: ['p=reject; v=DMARC1'] }, 'pass pass none'),
  dmarc('a tag that nobody knows', { _dmarc: ['v=DMARC1; p=reject; moo=1'] }, 'pass pass pass'),
  dmarc('by an alias', { _dmarc: ['CNAME policy.{domain}.'], policy: ['v=DMARC1; p=reject'] }, 'pass pass pass'),
  dmarc('a policy that is none, with nobody to tell', { ...FAILING, _dmarc: ['v=DMARC1; p=moo'] }, 'fail fail none'),
  { ...dmarc('of the organization, for a subdomain', {}, 'none fail fail'), below: 'news' },
  {
    ...dmarc(
      'of the organization, for a subdomain that passes',
      { news: ['v=spf1 ip4:192.0.2.10 -all'] },
      'pass fail pass',
    ),
    below: 'news',
  },
  {
    ...dmarc('sp=none for a subdomain', { _dmarc: ['v=DMARC1; p=reject; sp=none'] }, 'none fail fail'),
    below: 'news',
  },
  {
    ...dmarc('a subdomain with one of its own', { '_dmarc.news': ['v=DMARC1; p=none'] }, 'none fail fail'),
    below: 'news',
  },
  {
    ...dmarc('a subdomain of an organization without', { _dmarc: [] }, 'none fail none'),
    below: 'news',
  },
]

/** Domains, sound and broken, with what receivers make of their mail. */
export const VARIANTS: readonly Variant[] = [...SPF, ...DKIM, ...DMARC]
