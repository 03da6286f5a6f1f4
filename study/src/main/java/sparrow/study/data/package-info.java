/**
 * Data sets of spoken questions in the formats in which they are published. All of them become {@link Item}s, read one
 * by one as they are asked for; sizes are never assumed, so a cut of a set is a set.
 */
package sparrow.study.data;
