import { describe, expect, test } from 'vitest'
import plugin from '../../../providers/manual/index.js'

describe('the resolver that finds name servers', () => {
  test.each(['192.0.2.53', '192.0.2.53:5353', '[2001:db8::53]:53', 'root'])('may be %s', (resolver) => {
    expect(plugin.options({ resolver })).toMatchObject({ resolver })
  })

  test.each(['dns.example', 'roots', ''])('is not %j', (resolver) => {
    expect(() => plugin.options({ resolver })).toThrow(/is no address of a DNS server/)
  })
})
