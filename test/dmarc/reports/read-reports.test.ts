import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ReadReports, readReports } from '../../../src/dmarc/reports/read-reports.js'
import { mailWith } from './mail-with.js'
import { reportXml } from './report-xml.js'
import { zipOf } from './zip-of.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailsync-reports-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function write(name: string, content: Uint8Array | string): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  return path
}

/** What is read: the ids of the reports, and what is wrong, without the folder. */
async function read(paths: readonly string[] = [folder], input?: Uint8Array): Promise<ReadReports & { ids: string[] }> {
  const ids: string[] = []
  const found = await readReports(paths, {
    take: ({ id }) => ids.push(id),
    input: input && (() => Readable.from([input])),
    signal: new AbortController().signal,
  })
  const faults = found.faults.map(({ label, reason }) => ({ label: label.replace(`${folder}/`, ''), reason }))
  return { ...found, faults, ids }
}

const xml = (id: string): string => reportXml({ id })

test('XML, gzip, zip, messages, mailboxes and folders of them, whatever they are called', async () => {
  write('1.xml', xml('xml'))
  write('2.dat', gzipSync(xml('gzip')))
  write(
    '3.zip',
    zipOf([
      { name: 'a.xml', content: xml('zip a') },
      { name: 'b/', content: '' },
      { name: 'b/b.xml', content: xml('zip b') },
    ]),
  )
  write('4.eml', mailWith([{ name: 'r.xml.gz', type: 'application/gzip', content: gzipSync(xml('mail')) }]))
  const first = mailWith([
    { name: 'r.zip', type: 'application/octet-stream', content: zipOf([{ name: 'r.xml', content: xml('mbox 1') }]) },
  ])
  const second = mailWith([{ name: 'r.xml', type: 'text/xml', content: xml('mbox 2') }])
  write('5', `From a@b Thu Jan  1 00:00:00 1970\n${first}\n\nFrom c@d Thu Jan  1 00:00:00 1970\n${second}\n`)
  write(
    'box/cur/1700000000.M1.host:2,S',
    mailWith([{ name: 'r.xml', type: 'application/xml', content: xml('maildir') }]),
  )
  write('box/new/1700000001.M1.host', gzipSync(xml('maildir, bare')))
  write('box/tmp/1700000002.M1.host', xml('half'))
  const { ids, faults, others } = await read()
  expect(ids).toEqual(['xml', 'gzip', 'zip a', 'zip b', 'mail', 'mbox 1', 'mbox 2', 'maildir', 'maildir, bare'])
  expect({ faults, others }).toEqual({ faults: [], others: 0 })
})

test('a message whose body is the archive itself, as some send it', async () => {
  const body = zipOf([{ name: 'r.xml', content: xml('bare') }]).toString('base64')
  write(
    'bare.eml',
    `From: a@b.example\r\nContent-Type: application/zip; name=r.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${body}\r\n`,
  )
  expect(await read()).toMatchObject({ ids: ['bare'], faults: [] })
})

test('a report that was forwarded as a message', async () => {
  const inner = mailWith([{ name: 'r.xml', type: 'text/xml', content: xml('inner') }])
  write('outer.eml', mailWith([{ name: 'inner.eml', type: 'message/rfc822', content: inner }]))
  expect(await read()).toMatchObject({ ids: ['inner'], faults: [] })
})

test('a report is counted once, wherever it is; another one with its id is not believed', async () => {
  write('1.xml', xml('same'))
  write('2.xml.gz', gzipSync(xml('same')))
  write('3.xml', reportXml({ id: 'same', org: 'yahoo.com' }))
  write('4.xml', reportXml({ id: 'same', records: [{ count: 1_000_000 }] }))
  expect(await read()).toMatchObject({
    ids: ['same', 'same'],
    duplicates: 1,
    faults: [
      { label: '4.xml', reason: 'a report of the same sender and id says something else, and was read before it' },
    ],
  })
})

test('what is no report is passed over in a folder, and told where it was named', async () => {
  write(
    'spam.eml',
    mailWith([{ name: 'photo.png', type: 'image/png', content: Buffer.from([0x89, 0x50, 0x4e, 0x47]) }]),
  )
  write('tls.json.gz', gzipSync('{"organization-name":"Example"}'))
  write('dovecot-uidlist', '3 V1 N2')
  write('page.xml', '<html/>')
  write('none', '')
  expect(await read()).toMatchObject({ ids: [], others: 5, faults: [] })
  const { faults } = await read([join(folder, 'page.xml'), join(folder, 'spam.eml'), join(folder, 'none')])
  expect(faults).toEqual([
    { label: 'page.xml', reason: 'it is no report: its root is html, not feedback' },
    { label: 'spam.eml', reason: 'it is no report: no report is attached to it' },
    { label: 'none', reason: 'it is no report: it is neither XML, gzip, zip nor mail' },
  ])
})

test('bombs and traps are refused, each with its reason, and the others are read', async () => {
  const nulls = Buffer.alloc(24 * 1024 * 1024)
  write('01.gz', gzipSync(nulls))
  write('02.zip', zipOf([{ name: 'x.xml', content: nulls }]))
  write('03.zip', zipOf([{ name: 'x.xml', content: nulls, claims: 10 }]))
  write('04.zip', zipOf([{ name: 'x.zip', content: zipOf([{ name: 'x.xml', content: xml('nested') }]) }]))
  write('05.gz', gzipSync(gzipSync(xml('nested'))))
  write('06.zip', zipOf(Array.from({ length: 101 }, (_, n) => ({ name: `${n}.xml`, content: xml(`${n}`) }))))
  write('07.zip', zipOf([{ name: 'x.xml', content: xml('secret'), encrypted: true }]))
  write('08.zip', zipOf([{ name: '../../etc/cron.d/x.xml', content: xml('outside') }]))
  write('09.gz', gzipSync(xml('cut')).subarray(0, 40))
  write('10.zip', zipOf([{ name: 'x.xml', content: xml('cut') }]).subarray(0, 60))
  write('11.xml', `<!DOCTYPE x [<!ENTITY a "b">]>${xml('entities').replace(/^.*\n/, '')}`)
  write(
    '12.zip',
    zipOf(Array.from({ length: 99 }, (_, n) => ({ name: `${n}.xml`, content: nulls.subarray(0, 1024 * 1024) }))),
  )
  write('13.xml', xml('sound'))
  const { ids, faults } = await read()
  expect(ids).toEqual(['sound'])
  expect(faults.map(({ label, reason }) => `${label}: ${reason}`)).toEqual([
    expect.stringMatching(/^01\.gz: it unpacks to more than \d+ MiB, which no report of its size does$/),
    expect.stringMatching(/^02\.zip: it unpacks to more than \d+ MiB/),
    expect.stringMatching(/^03\.zip: it is a damaged zip archive: .*(bytes|size)/),
    '04.zip, x.zip: it is an archive in an archive',
    '05.gz: it is an archive in an archive',
    '06.zip: it has 101 files, and 100 are read at most',
    '07.zip: it is encrypted',
    expect.stringMatching(/^08\.zip: it is a damaged zip archive: invalid relative path/),
    expect.stringMatching(/^09\.gz: it is damaged gzip: /),
    expect.stringMatching(/^10\.zip: it is a damaged zip archive: /),
    expect.stringMatching(/^11\.xml: it has a document type/),
    expect.stringMatching(/^12\.zip: it unpacks to more than \d+ MiB/),
  ])
})

test('a mailbox in which one message is a bomb has its others read', async () => {
  const bomb = mailWith([{ name: 'b.gz', type: 'application/gzip', content: gzipSync(Buffer.alloc(24 * 1024 * 1024)) }])
  const sound = mailWith([{ name: 'r.xml', type: 'text/xml', content: xml('sound') }])
  const deep = `Content-Type: multipart/mixed; boundary=a0\n\n${Array.from({ length: 60 }, (_, n) => `--a${n}\nContent-Type: multipart/mixed; boundary=a${n + 1}\n\n`).join('')}`
  write('box', [bomb, deep, sound].map((mail) => `From x\n${mail}\n\n`).join(''))
  const { ids, faults } = await read()
  expect(ids).toEqual(['sound'])
  expect(faults.map(({ label, reason }) => `${label}: ${reason}`)).toEqual([
    expect.stringMatching(/^box, message 1, b\.gz: it unpacks to more than/),
    expect.stringMatching(/^box, message 2: it is no message that can be read: /),
  ])
})

test('encodings: what the declaration or the first octets say', async () => {
  const latin = reportXml({ org: 'Société', id: 'latin' }).replace('UTF-8', 'ISO-8859-1')
  write('1.xml', Buffer.from(latin, 'latin1'))
  write('2.xml', Buffer.from(`\ufeff${xml('utf-16')}`, 'utf16le'))
  write('3.xml', `\ufeff${xml('mark')}`)
  write('4.xml', reportXml({ id: 'odd' }).replace('UTF-8', 'KLINGON-1'))
  const { ids, faults } = await read()
  expect(ids).toEqual(['latin', 'utf-16', 'mark'])
  expect(faults).toEqual([{ label: '4.xml', reason: 'its encoding KLINGON-1 is not known' }])
})

test('standard input is read as a file is', async () => {
  expect(await read(['-'], gzipSync(xml('piped')))).toMatchObject({ ids: ['piped'], faults: [] })
  expect(await read(['-'], Buffer.from('nothing much'))).toMatchObject({ faults: [{ label: 'standard input' }] })
})

test('a folder that links to itself is read once; a path that leads nowhere is an error', async () => {
  write('in/1.xml', xml('once'))
  symlinkSync(folder, join(folder, 'in', 'loop'))
  symlinkSync(join(folder, 'gone'), join(folder, 'in', 'dangling'))
  expect((await read()).ids).toEqual(['once'])
  await expect(read([join(folder, 'missing')])).rejects.toMatchObject({
    code: 'io',
    message: expect.stringContaining('there is no such file or folder'),
  })
})
