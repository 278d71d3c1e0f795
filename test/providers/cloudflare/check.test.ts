import { afterEach, describe, expect, test } from 'vitest'
import { never, type Story, tellStory, ZONE } from '../../fakes/cloudflare/story.js'

let story: Story
afterEach(() => story.fake.close())

describe('checking a zone, without writing', () => {
  test('an active zone that the token may edit', async () => {
    story = tellStory()
    expect(await story.provider.check?.(ZONE, never)).toEqual({
      writable: 'yes',
      nameServers: ['ada.ns.cloudflare.com.', 'bob.ns.cloudflare.com.'],
      remarks: [],
    })
    expect(story.calls()).toEqual(['GET zones', 'GET dns_records'])
  })

  test.each([
    [{ permissions: undefined, status: 'pending' }, 'unknown', /pending: the registrar does not name Cloudflare/],
    [{ status: 'moved' }, 'yes', /moved away/],
    [{ status: 'deactivated' }, 'yes', /the zone is deactivated/],
    [{ paused: true }, 'yes', /paused: DNS is served/],
    [{ type: 'secondary' }, 'no', /secondary zone is filled by zone transfer/],
    [{ type: 'partial' }, 'yes', /partial \(CNAME\) setup/],
  ])('a zone with %j', async (zone, writable, remark) => {
    story = tellStory([], { zone })
    expect(await story.provider.check?.(ZONE, never)).toMatchObject({
      writable,
      remarks: [expect.stringMatching(remark)],
    })
  })

  test('a token that may only read', async () => {
    story = tellStory()
    story.fake.permissions = ['zone:read', 'dns:read']
    expect(await story.provider.check?.(ZONE, never)).toMatchObject({
      writable: 'no',
      remarks: ['the API token lacks the permission Zone > DNS > Edit for this zone'],
    })
  })

  test('a token that sees the zone and not its records cannot plan, whatever the zone says', async () => {
    story = tellStory()
    story.fake.permissions = ['zone:read', 'dns:edit']
    await expect(story.provider.check?.(ZONE, never)).rejects.toMatchObject({ code: 'permission' })
  })

  test('the name servers that it gave the zone, in one call', async () => {
    story = tellStory()
    expect(await story.provider.nameServers?.(ZONE, never)).toEqual([
      'ada.ns.cloudflare.com.',
      'bob.ns.cloudflare.com.',
    ])
    expect(story.calls()).toEqual(['GET zones'])
  })

  test('name servers of its own', async () => {
    story = tellStory([], { zone: { vanity_name_servers: ['ns1.example.com', 'ns2.example.com'] } })
    expect((await story.provider.check?.(ZONE, never))?.nameServers).toEqual(['ns1.example.com.', 'ns2.example.com.'])
  })

  test('a zone that is not there', async () => {
    story = tellStory()
    story.fake.zones.length = 0
    await expect(story.provider.check?.(ZONE, never)).rejects.toMatchObject({ code: 'zone-not-found' })
  })
})
