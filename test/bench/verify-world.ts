import { startBind } from '../servers/bind.js'
import type { DnsServer } from '../servers/dns-server.js'

const KEY = 'v=DKIM1; k=ed25519; p=ILzJRdQpYAeqaPJl/e+sOtuB/vv5FSM+2ENo7dQ2yyc='
const SOA = '@ SOA ns.infra.test. hostmaster.infra.test. 1 3600 600 604800 60\n@ NS ns.infra.test.\n'
const DOMAIN = `${SOA}@ MX 10 mail.infra.test.
@ TXT "v=spf1 ip4:192.0.2.10 -all"
_dmarc TXT "v=DMARC1; p=reject"
s1._domainkey TXT "${KEY}"
`

/** So many domains, sound and served by one BIND, which is their resolver as well, and the spec that means them. */
export async function startVerifyWorld(
  domains: number,
): Promise<{ readonly server: DnsServer; readonly spec: string }> {
  const names = Array.from({ length: domains }, (_, index) => `d${index}.test`)
  const server = await startBind({
    recursion: true,
    zones: {
      ...Object.fromEntries(names.map((name) => [`${name}.`, DOMAIN])),
      'infra.test.': `${SOA}ns A 127.0.0.1\nmail A 192.0.2.10\nmail TXT "v=spf1 a -all"\n`,
      '2.0.192.in-addr.arpa.': `${SOA}10 PTR mail.infra.test.\n`,
    },
  })
  const target = `{ targets: [local], servers: ["${server.host}:${server.port}"] }`
  const zones = ['infra.test', '2.0.192.in-addr.arpa', ...names]
  const spec = `providers: { local: { class: yaml, directory: ./zones } }
zones:
${zones.map((name) => `  ${name}.: ${target}`).join('\n')}
hosts: { mail.infra.test: { addresses: [192.0.2.10] } }
defaults: { spf: { all: fail }, dmarc: { policy: reject } }
domains:
${names.map((name) => `  ${name}: { mx: [mail.infra.test], dkim: { keys: { s1: { txt: "${KEY}" } } } }`).join('\n')}
`
  return { server, spec }
}
