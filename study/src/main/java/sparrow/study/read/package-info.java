/**
 * Reading a finished reply again: {@link sparrow.study.read.ReplyReader} gives the hidden states of the layers behind every
 * token, and {@link sparrow.study.read.Agreement} says how near the head of a lower layer comes to the last one. The layer
 * study and the harvest of training data both read with it; decoding itself is not watched.
 */
package sparrow.study.read;
