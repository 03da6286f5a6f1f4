/**
 * Reading a finished reply again. {@link ReplyReader} gives the hidden states behind every token, after chosen layers;
 * a {@link Reading} compares what one layer would have said with the last layer, and {@link Agreement} sums readings
 * up. The layer study and the harvest of training data both use it. It is the only way to see hidden states: decoding
 * itself is not watched.
 */
package sparrow.study.read;
