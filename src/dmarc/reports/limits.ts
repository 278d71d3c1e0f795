const MIB = 1024 * 1024

/** What is read of the reports of strangers at most. Sizes in octets. A day of a large receiver has some 2 MiB of XML. */
export const REPORT_LIMITS = {
  /** One file: a mailbox may hold years. */
  file: 512 * MIB,
  message: 32 * MIB,
  /** All that an archive holds, unpacked. */
  unpacked: 32 * MIB,
  /** Octets out of an archive by octets of it, beyond the first MiB; XML of this kind has 10 to 50. */
  ratio: 200,
  entriesOfArchive: 100,
  attachments: 100,
  /** Elements in elements. */
  depth: 12,
  /** Elements in one record, and around the records. */
  elements: 1000,
  records: 200_000,
  /** Elements right below the root that are no records. */
  sections: 1000,
  attributes: 100,
  /** Characters of a text. */
  longText: 1024 * 1024,
  /** Characters of a text that is kept; the rest is cut. */
  text: 256,
  /** Messages of one record. */
  messages: 1_000_000_000,
  /** Seconds that a report may cover. RFC 9990 §3.5.1 has a day. */
  period: 32 * 86_400,
} as const
