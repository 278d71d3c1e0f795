import { expect, test } from 'vitest'
import type { Name } from '../../records/rr/name.js'
import { operatorsOf, soleOperator } from '../../src/observe/dns-operators.js'

const names = (...texts: string[]): Name[] => texts as Name[]

test.each([
  ['cloudflare', 'ada.ns.cloudflare.com.', 'bob.ns.cloudflare.com.'],
  ['route53', 'ns-1.awsdns-01.com.', 'ns-2000.awsdns-44.co.uk.', 'ns-600.awsdns-11.net.'],
  ['hetzner', 'hydrogen.ns.hetzner.com.', 'helium.ns.hetzner.de.'],
])('the name servers of %s are known by their names', (type, ...servers) => {
  expect(soleOperator(names(...servers))).toMatchObject({ class: type })
})

test.each([
  ['octodns-gandi', 'octodns_gandi.GandiProvider', 'ns-12-a.gandi.net.'],
  ['octodns-desec', 'octodns_desec.DesecProvider', 'ns1.desec.io.'],
  ['octodns-ovh', 'octodns_ovh.OvhProvider', 'dns104.ovh.net.'],
  ['octodns-digitalocean', 'octodns_digitalocean.DigitalOceanProvider', 'ns1.digitalocean.com.'],
  ['octodns-azure', 'octodns_azure.AzureProvider', 'ns4-05.azure-dns.info.'],
  ['octodns-googlecloud', 'octodns_googlecloud.GoogleCloudProvider', 'ns-cloud-b2.googledomains.com.'],
])('%s is named where an octoDNS plugin writes there', (pypi, type, server) => {
  expect(soleOperator(names(server))).toMatchObject({ class: 'octodns', octodns: { package: pypi, class: type } })
})

test('a panel without an API of use is named, and written by hand', () => {
  expect(soleOperator(names('dns1.registrar-servers.com.'))).toEqual({ title: 'Namecheap', class: 'manual' })
})

test('a name that only looks like one of theirs is not', () => {
  expect(operatorsOf(names('ns.hetzner.com.', 'cloudflare.com.', 'ns1.notgandi.net.', 'gandi.net.example.'))).toEqual([
    undefined,
  ])
})

test('name servers of two operators, or of one that nobody knows, are of no sole operator', () => {
  const [one, other] = ['ada.ns.cloudflare.com.', 'ns1.example.com.']
  expect(soleOperator(names(one, other))).toBeUndefined()
  expect(soleOperator(names(other))).toBeUndefined()
  expect(operatorsOf(names(one, 'bob.ns.cloudflare.com.', other)).map((operator) => operator?.title)).toEqual([
    'Cloudflare',
    undefined,
  ])
})
