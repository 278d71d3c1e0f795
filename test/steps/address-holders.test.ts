import { describe, expect, test } from 'vitest'
import { builtInClasses } from '../../providers/index.js'
import type { Address } from '../../records/rr/address.js'
import { holderText, ownerText } from '../../src/steps/address-holders.js'

const at = (...addresses: string[]): readonly Address[] => addresses as Address[]

describe('whom to ask about the PTR of an address', () => {
  test.each([
    ['54.64.1.10', 'Amazon Web Services', 'Update reverse DNS', ['ec2']],
    ['2a05:d018::10', 'Amazon Web Services', 'the A record must be there first', ['ec2']],
    ['35.190.0.10', 'Google Cloud', 'the domain must be verified first', ['gcp']],
    ['20.50.0.10', 'Microsoft Azure', '--reverse-fqdn', ['azure']],
    ['88.99.1.10', 'Hetzner', 'Edit reverse DNS', ['hetzner', 'hetzner-robot']],
    ['2a01:4f9::10', 'Hetzner', 'Robot, IPs', ['hetzner', 'hetzner-robot']],
    ['51.254.0.10', 'OVHcloud', 'Modify the reverse path', ['ovh']],
    ['138.68.0.10', 'DigitalOcean', 'rename it to the host name', ['digitalocean']],
    ['172.104.0.10', 'Linode (Akamai)', 'Edit RDNS', ['linode']],
    ['45.76.0.10', 'Vultr', 'Reverse DNS', ['vultr']],
    ['51.15.0.10', 'Scaleway', 'Edit reverse DNS', ['scaleway']],
  ])('%s: %s, where it is set there, and with which class', async (address, name, place, classes) => {
    expect(holderText(at(address))).toContain(`${name}, as it looks by the network: `)
    expect(holderText(at(address))).toContain(place)
    for (const type of classes) {
      expect(ownerText(at(address))).toContain(`\`class: ${type}\``)
      expect(builtInClasses).toContain(type)
    }
  })

  test.each([[at('192.0.2.10')], [at('88.99.1.10', '54.64.1.10')], [at('88.99.1.10', '8.8.8.8')]])(
    '%j: whoever gave it, where nobody or several come in question',
    (addresses) => {
      expect(holderText(addresses)).toBe('your ISP or hosting provider: whoever gave you the address')
      expect(ownerText(addresses)).toBe('')
    },
  )
})
