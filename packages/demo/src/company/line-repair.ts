/** Work in three steps by people of unlike skill: what the customer reads of it stands in `words`. */
export const lineRepair = {
  id: 'demo-line-repair',
  name: 'Line repair',
  // The call is over long before the line is mended.
  whenCaseEnds: 'go-on',
  steps: [
    { id: 'measure', queueId: 'demo-outage', words: { en: 'We measure your line.' } },
    { id: 'mend', queueId: 'demo-outage', after: ['measure'], words: { en: 'We mend your line.' } },
    { id: 'credit', queueId: 'demo-billing', after: ['mend'], words: { en: 'We credit you the days without it.' } },
  ],
} as const;
