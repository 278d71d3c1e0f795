import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inert } from '../../src/render/inert.js'
import { escapeData, escapeProperty, workflowCommand } from '../../src/render/workflow-command.js'
import { hostileText } from './hostile.js'
import { findCommand } from './runner.js'

describe('an annotation', () => {
  test('is one line that the runner reads', () => {
    expect(workflowCommand('error', { file: 'mailsync.yaml', line: 12 }, '100 % wrong\nmend it')).toBe(
      '::error file=mailsync.yaml,line=12::100 %25 wrong%0Amend it\n',
    )
  })

  test('needs no properties', () => {
    expect(workflowCommand('notice', {}, 'done')).toBe('::notice::done\n')
  })

  test('says what it was given, whatever that is, and nothing else', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (file, message) => {
        const text = workflowCommand('error', { file, line: 3 }, message)
        expect(text.trimEnd().split(/[\r\n]/)).toHaveLength(1)
        expect(findCommand(text)).toEqual({
          command: 'error',
          properties: { file: inert(file), line: '3' },
          data: message.split(/\r?\n/).map(inert).join('\n').replace(/ +$/, ''),
        })
      }),
      { numRuns: 2_000 },
    )
  })
})

test('a percent sign that was there is not taken for an escape', () => {
  expect(escapeData('%0A\r\n:,')).toBe('%250A%0D%0A:,')
  expect(escapeProperty('%0A\r\n:,')).toBe('%250A%0D%0A%3A%2C')
})
