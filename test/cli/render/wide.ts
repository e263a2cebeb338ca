/** Texts whose characters take more columns than one, or none. */

/** One picture of four people, joined by three ZERO WIDTH JOINERs. */
export const FAMILY = '👨‍👩‍👧‍👦';

/** An e and its accent as two characters. */
export const E_ACUTE = 'e\u0301';
