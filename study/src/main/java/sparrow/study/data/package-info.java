/**
 * Data sets of spoken questions in their published formats. Start with {@link Datasets#open}. A {@link Dataset} returns
 * {@link Item}s one at a time, without reading their {@link Recording}s. The number of questions is never assumed, so a
 * part of a set is also a valid set. A new data set requires one class and one line in {@link Datasets}.
 */
package sparrow.study.data;
