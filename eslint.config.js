import { houseRules } from './packages/tooling/eslint-rules.js';

export default houseRules(import.meta.dirname);
