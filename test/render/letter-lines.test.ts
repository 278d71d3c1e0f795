import { expect, test } from 'vitest'
import { letterLines } from '../../src/render/text/plan/letter-lines.js'

const OWNER = '0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.'
const letter = (record: string): string => ['Please set this record of our address', '', `  ${record}`].join('\n')

test('a letter is as it was written where it has room', () => {
  expect(letterLines(letter('10.2.0.192.in-addr.arpa. PTR mail.example.com.'), 80)).toEqual([
    '      Please set this record of our address',
    '',
    '        10.2.0.192.in-addr.arpa. PTR mail.example.com.',
  ])
})

test('its prose is broken between words, and a record behind its owner', () => {
  expect(letterLines(letter('10.2.0.192.in-addr.arpa. PTR mail.example.com.'), 40)).toEqual([
    '      Please set this record of our',
    '      address',
    '',
    '        10.2.0.192.in-addr.arpa.',
    '          PTR mail.example.com.',
  ])
})

test('an owner that no line holds is alone in its line, to be copied', () => {
  expect(letterLines(letter(`${OWNER} 3600 CNAME a-long-name-of-a-machine.example.com.`), 40).slice(3)).toEqual([
    OWNER,
    '          3600 CNAME',
    'a-long-name-of-a-machine.example.com.',
  ])
})
