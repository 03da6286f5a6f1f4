/**
 * Data sets of spoken questions in the formats in which they are published. Start with {@link Datasets#open}; a {@link
 * Dataset} gives {@link Item}s one by one as they are asked for, each with its {@link Recording} unread. Sizes are
 * never assumed, so a part of a set is a set. A new data set is one class and its line in {@link Datasets}.
 */
package sparrow.study.data;
