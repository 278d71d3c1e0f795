/** A spec on zone files, whose domain needs no DKIM keys. */
export const SPEC = `providers:
  local: { class: yaml, directory: ./zones }
zones:
  example.com.: { targets: [local] }
hosts:
  mail.example.com:
    addresses: [198.51.100.25]
    reverse: false
domains:
  example.com:
    mx: [mail.example.com]
    dkim: false
    dmarc: { policy: reject }
`

/** The spec of above after one more sender was allowed. */
export const CHANGED_SPEC = SPEC.replace(
  '    dkim: false\n',
  '    dkim: false\n    spf: { include: [_spf.example.net] }\n',
)

export const EMPTY_ZONE = "---\n'': { type: TXT, ttl: 300, value: someone-verification=1234 }\n"
