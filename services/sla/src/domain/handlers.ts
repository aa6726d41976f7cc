/** Every command and who decides it. */
import type { Handlers } from '@switchboard/hallway';
import { withdrawPlan } from './calendars/handlers.ts';
import {
  acceptWork,
  attributeCase,
  followCase,
  followWork,
  openCase,
  receiveMessage,
  recordAnswer,
} from './cases/handlers.ts';
import { breachClock, recountCalendar, remindOfClock, warnClock } from './clocks/handlers.ts';
import type { SlaCommands } from './commands.ts';
import { followCustomer, followMerge, mergeCustomers } from './cases/customer-handlers.ts';
import type { EscalationCommands } from './escalation/commands.ts';
import type { Configuration } from './configuration.ts';
import { receiveFeed, refreshFeed } from './calendars/feed-handlers.ts';
import { repairClocks } from './repair/handlers.ts';
import { assessDue, countStaff, fitRisk, keepModels, seatAgent } from './risk/handlers.ts';
import type { SlaKinds } from './state.ts';

/** Around the plain handlers of configuration: see service.ts. */
type ConfigurationCommand = `${'put' | 'remove'}-${'calendar' | 'policy' | 'dimension'}` | 'begin-calendar';

export const clockHandlers: Handlers<
  SlaKinds,
  Configuration,
  Omit<SlaCommands, ConfigurationCommand | keyof EscalationCommands>
> = {
  'open-case': openCase,
  'receive-message': receiveMessage,
  'record-answer': recordAnswer,
  'follow-case': followCase,
  'accept-work': acceptWork,
  'follow-work': followWork,
  'follow-customer': followCustomer,
  'merge-customers': mergeCustomers,
  'follow-merge': followMerge,
  'attribute-case': attributeCase,
  'warn-clock': warnClock,
  'breach-clock': breachClock,
  'remind-of-clock': remindOfClock,
  'recount-calendar': recountCalendar,
  'withdraw-calendar': withdrawPlan,
  'refresh-feed': refreshFeed,
  'receive-feed': receiveFeed,
  'repair-clocks': repairClocks,
  'assess-due': assessDue,
  'fit-risk': fitRisk,
  'keep-models': keepModels,
  'count-staff': countStaff,
  'seat-agent': seatAgent,
};
