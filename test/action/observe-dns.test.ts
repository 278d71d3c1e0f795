import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Fleet, startFleet, zoneAt } from '../fleet/through-dns/fleet.js'
import { missingServer, serverAvailable } from '../servers/dns-server.js'
import { pullRequest, schedule } from './runner/events.js'
import { runStep, type Step } from './runner/runner.js'

const ZONES = 5

if (!serverAvailable('bind')) describe.skip(missingServer('bind'), () => it('observe: dns', () => {}))
else
  describe('the action with observe: dns', () => {
    let fleet: Fleet
    beforeAll(async () => {
      fleet = await startFleet({ zones: ZONES })
      expect(await fleet.run('apply', '--yes')).toMatchObject({ code: 0, stderr: '' })
    })
    afterAll(() => fleet.remove())
    const step = async (inputs: Step['inputs'], event = schedule()) => {
      const before = fleet.calls()
      const ran = await runStep({
        workspace: fleet.space.directory,
        event,
        env: { TSIG_SECRET: fleet.server.key.secret },
        inputs: { observe: 'dns', ...inputs },
      })
      return { ...ran, calls: fleet.calls() - before }
    }

    it('makes no call where DNS is as the spec says, and asks for serials alone the next time', async () => {
      const first = await step({ serials: 'serials.json' })
      expect(first).toMatchObject({ code: 0, calls: 0, outputs: { drift: 'false' } })
      expect(first.summary).toContain('5 zones were looked at through DNS only and are as wanted.')
      const again = await step({ serials: 'serials.json' })
      expect(again).toMatchObject({ code: 0, calls: 0 })
      expect(again.summary).toContain('(by the serial alone)')
    })

    it('reads at its provider only what somebody edited, and applies it', async () => {
      await fleet.server.nsupdate(`update delete ${zoneAt(2)}. MX`)
      expect(await step({ serials: 'serials.json' })).toMatchObject({
        code: 0,
        calls: 1,
        outputs: { drift: 'true', creates: '1' },
      })
      expect(await step({ command: 'apply' })).toMatchObject({ code: 0, outputs: { changes: '1' } })
      expect(await step({ serials: 'serials.json' })).toMatchObject({ calls: 0, outputs: { drift: 'false' } })
    })

    it('never takes a pull request’s word for what has not changed', async () => {
      await step({ serials: 'serials.json' })
      const { summary } = await step({ serials: 'serials.json' }, pullRequest(1))
      expect(summary).toContain('5 zones were looked at through DNS only and are as wanted. ')
      expect(summary).not.toContain('serial alone')
    })

    it('refuses inputs that do not go together', async () => {
      expect((await step({ observe: 'api', serials: 'serials.json' })).log).toContain('serials goes with observe: dns')
      expect((await step({ command: 'verify' })).log).toContain('observe goes with the commands plan and apply')
      expect((await step({ observe: 'cache' })).log).toContain('observe is "cache", which is neither api nor dns')
    })
  })
