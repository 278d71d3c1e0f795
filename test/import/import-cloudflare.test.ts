import { afterEach, beforeEach, expect, test } from 'vitest'
import { plugin } from '../../providers/cloudflare/index.js'
import { type Story, tellStory, ZONE } from '../fakes/cloudflare/story.js'
import { importedFrom } from './imported.js'

let story: Story

beforeEach(() => {
  story = tellStory()
})
afterEach(() => story.fake.close())

test('a Cloudflare zone, with its automatic TTLs, a proxied web site and records that cannot be changed', async () => {
  const record = (type: string, name: string, content: string, more: object = {}) => ({
    type,
    name,
    content,
    ttl: 1,
    ...more,
  })
  story.zone.put(
    record('A', 'example.com', '192.0.2.80', { proxied: true }),
    record('A', 'mail.example.com', '192.0.2.10', { proxied: false }),
    record('MX', 'example.com', 'mail.example.com', { priority: 10 }),
    record('TXT', 'example.com', '"v=spf1 a mx -all"'),
    record('TXT', '_dmarc.example.com', 'v=DMARC1; p=none; rua=mailto:a@example.com'),
    record('MX', 'news.example.com', 'route1.mx.cloudflare.net', { priority: 5, meta: { read_only: true } }),
  )
  const { bare, changes, text, plan } = await importedFrom({ name: 'dns', plugin, provider: story.provider }, [
    ZONE,
    'news.example.com.',
  ])
  expect(bare).toBe(`providers:
  dns:
    class: cloudflare
zones:
  example.com.: { targets: [dns] }
defaults: { ttl: 300 }
hosts:
  mail.example.com:
    addresses: [192.0.2.10]
    reverse: manual
    helo_spf: false
domains:
  example.com:
    mx: [mail.example.com]
    spf: { terms: [a], all: fail }
    dkim: false
    dmarc: { policy: none, rua: [a@example.com] }
  news.example.com:
    spf: false
    dmarc: false`)
  expect(changes).toEqual(['update example.com. TXT (adopts)'])
  expect(plan.failures).toEqual([])
  expect(text).toContain('#   a  the addresses of example.com are not known here: it is proxied')
})
