import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GitHubFake } from '../fakes/github/github.js'
import { type Fleet, startFleet, zoneAt } from '../fleet/through-dns/fleet.js'
import { missingServer, serverAvailable } from '../servers/dns-server.js'
import { schedule } from './runner/events.js'
import { runWorkflow } from './runner/workflow.js'

const WORKFLOW = resolve(import.meta.dirname, '../../examples/github/mailsync-drift-dns.yml')

if (!serverAvailable('bind')) describe.skip(missingServer('bind'), () => it('the workflow', () => {}))
else
  describe('the workflow that looks for drift through DNS', () => {
    let fleet: Fleet
    let github: GitHubFake
    beforeAll(async () => {
      fleet = await startFleet({ zones: 5 })
      github = await GitHubFake.start()
      expect(await fleet.run('apply', '--yes')).toMatchObject({ code: 0 })
    })
    afterAll(() => Promise.all([fleet.remove(), github.stop()]))

    const hour = async () => {
      const before = fleet.calls()
      const ran = await runWorkflow(
        WORKFLOW,
        { event: schedule(), sha: '2'.repeat(40) },
        {
          github,
          checkout: fleet.space.directory,
          secrets: { DNS_READ_TOKEN: fleet.server.key.secret },
          environments: {},
          edit: (text) => text.replace('DNS_TOKEN:', 'TSIG_SECRET:'),
        },
      )
      return { ...ran, calls: fleet.calls() - before }
    }

    it('asks no provider while DNS is as the spec says, and for serials alone from its second run on', async () => {
      const first = await hour()
      expect(first).toMatchObject({ conclusion: 'success', calls: 0 })
      expect(first.summary).not.toContain('by the serial alone')
      const second = await hour()
      expect(second).toMatchObject({ conclusion: 'success', calls: 0 })
      expect(second.summary).toContain('(by the serial alone)')
      expect(github.repository.openIssues()).toEqual([])
    })

    it('keeps one issue about what somebody edited, which costs one call, and closes it once that is undone', async () => {
      await fleet.server.nsupdate(`update delete ${zoneAt(2)}. MX`)
      expect(await hour()).toMatchObject({ conclusion: 'success', calls: 1 })
      const [issue, ...more] = github.repository.openIssues()
      expect(more).toEqual([])
      expect(issue?.body).toContain(zoneAt(2))
      await fleet.run('apply', '--yes')
      expect(await hour()).toMatchObject({ conclusion: 'success', calls: 0 })
      expect(github.repository.openIssues()).toEqual([])
    })

    it('does not see what a stranger adds beside, as the README says', async () => {
      await fleet.server.nsupdate(`update add stranger.${zoneAt(1)}. 300 A 192.0.2.99`)
      expect(await hour()).toMatchObject({ conclusion: 'success', calls: 0 })
      expect(github.repository.openIssues()).toEqual([])
    })
  })
