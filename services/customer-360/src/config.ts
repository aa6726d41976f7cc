/** customer-360 has no settings of its own. */
export const settings = {};
