import type { Phrases } from './language.ts';

export const en: Phrases = {
  reasons: {
    billing: {
      subject: 'Question about my bill',
      says: [
        'My bill is {amount} this month, normally it is about half of that. What happened?',
        'You charged me {amount} twice for {product}. Please check and pay one of them back.',
        'There is an item called "third-party services" on my bill that I never ordered.',
      ],
      answer: [
        'I have checked the bill with you: the difference was a one-off charge, and it is credited now.',
        'You were right about the double charge. The amount goes back to your account within three days.',
      ],
    },
    outage: {
      subject: 'No internet since this morning',
      says: [
        'The internet in {city} is down, the router blinks red. I work from home and need it.',
        '{product} keeps dropping every few minutes since last night. I have restarted everything twice.',
        'No signal at all in {city}. Is there an outage?',
      ],
      answer: [
        'We found the fault in the street cabinet; the line is stable again and I have watched it for a while.',
        'I have reset your line from here and measured it: full speed. Please restart the router once.',
      ],
    },
    roaming: {
      subject: 'Data abroad',
      says: [
        'I have just landed in {country} and have no data. What do I have to switch on?',
        'What does a gigabyte cost me in {country}? I leave the day after tomorrow.',
      ],
      answer: ['Roaming is switched on now. Turn flight mode on and off once, then data works in {country}.'],
    },
    contract: {
      subject: 'When does my contract end?',
      says: [
        'Until when does my {product} contract run, and what would it cost afterwards?',
        'I would like to change {product} to my partner’s name. How does that work?',
      ],
      answer: ['I have sent you the dates and conditions of your contract, and noted the change you asked for.'],
    },
    'address-change': {
      subject: 'I am moving',
      says: [
        'I am moving to {street} in {city} on the first. Can I take {product} with me?',
        'New address from next month: {street}, {city}. Please change it for bills and line.',
      ],
      answer: ['The new address is in our books, and the line moves with you on the day you named.'],
    },
    complaint: {
      subject: 'Complaint',
      says: [
        'This is the third time I explain the same thing. Nobody calls back. I am seriously annoyed.',
        'Your technician did not come again and I had taken a day off. What do you intend to do?',
      ],
      answer: [
        'I am sorry, this should not have happened. I own your case now: it is put right, with a credit for the trouble.',
      ],
    },
    upgrade: {
      subject: 'A bigger plan?',
      says: [
        'My data is always gone by the twentieth. What would a bigger plan than {product} cost?',
        'A friend pays less and has more data. What can you offer me?',
      ],
      answer: ['We went through your usage together and found the plan that fits it.'],
    },
    'sim-lost': {
      subject: 'Phone lost',
      says: [
        'My phone was stolen on the train. Please block the SIM at once!',
        'I lost my phone in {city}. Block the card please and send a new one.',
      ],
      answer: ['The card is blocked, nothing was used since. A new one with your number is on its way.'],
    },
  },
  again: ['Any news about this?', 'I have written before and still wait for an answer.'],
  question: 'Could you tell me your customer number, please? Then I can go on.',
  given: 'Of course, here it is: it is on the bill I attached.',
  streets: ['14 Mill Lane', '3 Harbour Street', '88 Orchard Road'],
  countries: ['Canada', 'Japan', 'Egypt'],
};
