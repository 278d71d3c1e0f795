import { describe, expect, test } from 'vitest'
import { readWatchLine } from '../../src/watch/watch-options.js'

describe('how a run is watched, by its command line', () => {
  test.each<[string, object]>([
    ['plan', { command: 'plan', config: 'mailsync.yaml', isJsonLog: false, metrics: undefined, maxWait: undefined }],
    ['dkim rotate --log json -c a.yaml', { command: 'dkim rotate', config: 'a.yaml', isJsonLog: true }],
    ['apply plan.json --yes --metrics=x.prom --max-wait 90', { command: 'apply', metrics: 'x.prom', maxWait: 90 }],
    ['plan --max-wait=4h', { maxWait: 14_400 }],
    ['plan --max-wait soon', { maxWait: undefined }],
    ['plan --log text', { isJsonLog: false }],
    ['dkim --help', { command: 'dkim' }],
    ['__complete plan --log json --metrics x.prom', { command: '', isJsonLog: false, metrics: undefined }],
    ['--metrics x.prom --log=json -c a.yaml plan --yes', { command: 'plan', metrics: 'x.prom', config: 'a.yaml' }],
    ['--config=a.yaml dkim --log json rotate', { command: 'dkim rotate', config: 'a.yaml', isJsonLog: true }],
    ['plan -ca.yaml', { command: 'plan', config: 'a.yaml' }],
    ['plan -c=a.yaml', { config: 'a.yaml' }],
    ['plan --log text --log json', { isJsonLog: true }],
    ['', { command: '' }],
  ])('mailsync %s', (line, expected) => expect(readWatchLine(line.split(' '))).toMatchObject(expected))
})
