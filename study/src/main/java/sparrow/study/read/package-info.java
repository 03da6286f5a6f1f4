/**
 * Reading a finished reply again. {@link ReplyReader} returns the hidden states of every token after chosen layers. The layer
 * study and the harvest of training data both use it. It is the only way to see hidden states: decoding itself is not watched.
 */
package sparrow.study.read;
