import { argv, stdout } from 'node:process'
import { never, ZONE } from '../../../conformance/subject.js'
import { plugin } from '../../../providers/yaml/index.js'
import { isKnown, type RRset } from '../../../records/rr/rrset.js'

// A process that writes until it is killed: every TTL of the zone becomes 60, then 120, then 60 again.
const provider = await plugin.connect(plugin.options({ directory: '.' }), { directory: argv[2] ?? '', zones: [ZONE] })
for (let ttl = 60; ; ttl = 180 - ttl) {
  const rrsets = (await provider.read(ZONE, never)).filter(isKnown)
  const changes = rrsets.map((before) => ({ kind: 'update', before, after: { ...before, ttl } as RRset }) as const)
  const { failure } = await provider.write(ZONE, changes, never)
  if (failure) throw failure
  stdout.write(`${rrsets.length}\n`)
}
